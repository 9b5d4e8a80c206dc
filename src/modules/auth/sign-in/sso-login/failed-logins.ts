import { Injectable, Logger } from '@nestjs/common';
import {
  DomainError,
  httpStatusOf,
  LimitReached,
  loggedCode,
} from '../../../../common/errors/domain-error.js';
import type { RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { LimitedLog } from '../../../../common/logging/limited-log.js';
import { SsoDisabled } from '../../oidc/index.js';
import { AuditTrail } from '../../../audit/index.js';

/** Not audited: attempts beyond the rate limit would flood the audit log, and without SSO no sign-in is possible. */
const NOT_AUDITED = [LimitReached, SsoDisabled];

/** Logs and audits failed sign-ins with our own codes and reasons, never with values from the request. */
@Injectable()
export class FailedLogins {
  private readonly logger = new LimitedLog(new Logger('SingleSignOn'));

  constructor(private readonly audit: AuditTrail) {}

  /** For failures before the user is known: the audit entry has no user and no organization. */
  async record(error: unknown, request: RequestMetadata): Promise<void> {
    this.log(error);
    if (!(error instanceof DomainError) || NOT_AUDITED.some((kind) => error instanceof kind)) return;
    await this.audit.recordRefusal({ userId: null, orgId: null, request }, 'login', httpStatusOf(error));
  }

  /** Logs domain errors only; the exception filter logs all others. */
  log(error: unknown): void {
    if (!(error instanceof DomainError)) return;
    const { reason } = error as { reason?: string };
    this.logger.warn(`a sign-in failed: ${loggedCode(error)}${reason === undefined ? '' : ` (${reason})`}`);
  }
}
