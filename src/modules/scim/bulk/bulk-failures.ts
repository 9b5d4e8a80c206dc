import { Injectable, Logger } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { Unavailable } from '../../../common/errors/domain-error.js';
import { logFailure } from '../../../common/errors/log-failure.js';
import { explainOutage } from '../../../common/errors/outage.js';
import { type AuditOperation, AuditTrail } from '../../audit/index.js';
import type { BulkEntry } from '../protocol/bulk.js';
import type { ErrorEnvelope } from '../protocol/scim.errors.js';
import { ScimErrorFormat } from '../http/errors.js';

const VERBS: Readonly<Record<string, 'create' | 'update' | 'delete'>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
};

/** Formats and records a refused bulk operation like a single request. */
@Injectable()
export class BulkFailures {
  private readonly log = new Logger(BulkFailures.name);
  private readonly errors = new ScimErrorFormat();

  constructor(private readonly audit: AuditTrail) {}

  async explain(
    principal: ScimPrincipal,
    entry: BulkEntry,
    error: unknown,
  ): Promise<{ status: string; response: ErrorEnvelope }> {
    const explained = explainOutage(error);
    const { status, body } = this.errors.describe(explained);
    if (status === 500 || explained instanceof Unavailable)
      logFailure(this.log, 'an operation of a bulk request failed', explained);
    const operation = operationOf(entry);
    if (operation && !(explained instanceof Unavailable))
      await this.audit.recordRefusal(principal, operation, status);
    return { status: String(status), response: body };
  }
}

function operationOf(entry: BulkEntry): AuditOperation | null {
  const verb = VERBS[entry.method];
  if (!verb || !('operation' in entry)) return null;
  return `${verb}_scim_${entry.operation.resource === 'Users' ? 'user' : 'group'}`;
}
