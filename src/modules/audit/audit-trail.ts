import { Injectable, Logger } from '@nestjs/common';
import type { AuthenticatedActor } from '../../common/access/principal.js';
import { logFailure } from '../../common/errors/log-failure.js';
import type { RequestMetadata } from '../../common/http/request-metadata.decorator.js';
import { AuditEntriesRepository, type NewAuditEntry } from './audit-entries.repository.js';
import type { AuditDetails } from './audit-entry.entity.js';
import type { AuditOperation } from './operations.js';

/** Who did it: a caller, or a request that has none (a login). */
export type Actor =
  AuthenticatedActor | { userId: string | null; orgId: string | null; request: RequestMetadata | null };

/** Who runs the installation, at its command line: nobody of the organization, and no request. */
export const operatorIn = (orgId: string): Actor => ({ userId: null, orgId, request: null });

/** Where it belongs, if not where the actor is; and why it came out so, where that is not plain. */
type Scope = { orgId?: string | null; workspaceId?: string | null; details?: AuditDetails };

export type AuditedAction = { actor: Actor; operation: AuditOperation; resourceIds: string[]; scope?: Scope };

/** A call that was refused or failed. */
export type Refusal = { actor: Actor; operation: AuditOperation; responseStatus: number; scope?: Scope };

/** The write side of the audit log. Rows are built from named ids, never by spreading what was sent. */
@Injectable()
export class AuditTrail {
  private readonly log = new Logger(AuditTrail.name);

  constructor(private readonly entries: AuditEntriesRepository) {}

  /** Call it right after the write it describes, inside its transaction. `scope` defaults to the actor's own. */
  record(actor: Actor, operation: AuditOperation, resourceIds: string[], scope: Scope = {}): Promise<void> {
    return this.recordAll([{ actor, operation, resourceIds, scope }]);
  }

  /** `record` for what one transaction does to many, in one statement. */
  async recordAll(actions: readonly AuditedAction[]): Promise<void> {
    if (actions.length > 0) await this.entries.insertAll(actions.map(toEntry));
  }

  /**
   * A call that was refused or failed; as a rule it has no transaction. Where it cannot be recorded that is logged, and
   * its caller still gets the answer that says why.
   */
  async recordRefusal(
    actor: Actor,
    operation: AuditOperation,
    responseStatus: number,
    scope: Scope = {},
  ): Promise<void> {
    try {
      await this.recordRefusals([{ actor, operation, responseStatus, scope }]);
    } catch (error) {
      logFailure(this.log, `a refused ${operation} could not be recorded`, error);
    }
  }

  /** `recordRefusal` for several calls, in one statement, that must not be answered without a row: it may fail. */
  async recordRefusals(refusals: readonly Refusal[]): Promise<void> {
    await this.entries.insertAll(refusals.map(refusalEntryOf));
  }
}

const refusalEntryOf = ({ actor, operation, responseStatus, scope = {} }: Refusal): NewAuditEntry => ({
  ...contextFields(actor, scope),
  operation,
  resourceIds: [],
  succeeded: false,
  responseStatus,
});

const toEntry = ({ actor, operation, resourceIds, scope = {} }: AuditedAction): NewAuditEntry => ({
  ...contextFields(actor, scope),
  operation,
  resourceIds,
  succeeded: true,
  responseStatus: null,
});

function contextFields(
  actor: Actor,
  scope: Scope,
): Omit<NewAuditEntry, 'operation' | 'resourceIds' | 'succeeded' | 'responseStatus'> {
  const principal = 'credential' in actor ? actor : null;
  const orgId = scope.orgId === undefined ? actor.orgId : scope.orgId;
  const { details = {} } = scope;
  const itsWorkspaceId = orgId === actor.orgId ? principal?.workspaceId : null; // of another organization it is no part
  return {
    orgId,
    workspaceId: scope.workspaceId ?? itsWorkspaceId ?? null,
    userId: actor.userId,
    credentialKind: principal?.credential.kind ?? null,
    credentialId: principal?.credential.id ?? null,
    requestMethod: actor.request?.method ?? null,
    requestPath: actor.request?.path ?? null,
    clientHost: actor.request?.clientHost ?? null,
    clientPort: actor.request?.clientPort ?? null,
    forwardedFor: actor.request?.forwardedFor ?? null,
    details: Object.keys(details).length > 0 ? details : null,
  };
}
