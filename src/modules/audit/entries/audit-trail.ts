import { Injectable, Logger } from '@nestjs/common';
import type { AuthenticatedActor } from '../../../common/access/principal.js';
import { logFailure } from '../../../common/errors/log-failure.js';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { AuditEntriesRepository, type NewAuditEntry } from './audit-entries.repository.js';
import { type AuditDetails, REQUEST_ID, RESOURCE_OWNER } from './entities.js';
import type { AuditOperation } from '../../../common/http/operations/audit-operations.js';

/** The cause of an entry: a principal, or a request without one (a login). */
export type Actor =
  AuthenticatedActor | { userId: string | null; orgId: string | null; request: RequestMetadata | null };

/** The operator at the command line, who is not a member of the organization and sends no request. */
export const operatorIn = (orgId: string): Actor => ({ userId: null, orgId, request: null });

/**
 * Organization and workspace of the entry, if not the actor's, the reason for the outcome, and the id of the entry if
 * rows that the transaction wrote before refer to it.
 */
type Scope = {
  orgId?: string | null;
  workspaceId?: string | null;
  details?: AuditDetails;
  /** The user to whom the resource belongs; recorded if it is not the actor. */
  resourceOwnerId?: string | null;
  entryId?: string;
};

type Action = { actor: Actor; operation: AuditOperation; scope?: Scope };
export type AuditedAction = Action & { resourceIds: string[] };

/** A refused or failed request. */
export type Refusal = Action & { responseStatus: number };

/** Writes the audit log. Rows are built from named fields, never by spreading request data. */
@Injectable()
export class AuditTrail {
  private readonly log = new Logger(AuditTrail.name);

  constructor(private readonly entries: AuditEntriesRepository) {}

  /** Call it right after the write that it describes, in the same transaction. `scope` defaults to the actor's. */
  record(actor: Actor, operation: AuditOperation, resourceIds: string[], scope: Scope = {}): Promise<void> {
    return this.recordAll([{ actor, operation, resourceIds, scope }]);
  }

  /** `record` for several actions of one transaction, in one statement. */
  async recordAll(actions: readonly AuditedAction[]): Promise<void> {
    if (actions.length === 0) return;
    const entries = actions.map(({ resourceIds, ...action }) => {
      const responseStatus = action.actor.request?.responseStatus() ?? null;
      return toEntry(action, { succeeded: true, resourceIds, responseStatus });
    });
    await this.entries.insertAll(entries);
  }

  /**
   * Records a refused or failed request, usually outside a transaction. If it cannot be recorded, that is logged, and
   * the caller still gets the original response.
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

  /** `recordRefusal` for several requests; throws if they cannot be recorded, since they must not get a response then. */
  async recordRefusals(refusals: readonly Refusal[]): Promise<void> {
    const entries = refusals.map(({ responseStatus, ...refusal }) =>
      toEntry(refusal, { succeeded: false, resourceIds: [], responseStatus }),
    );
    await this.entries.insertAll(entries);
  }
}

/** Which of the resources of the audit entry had the new state already. */
export function unchangedFacts(resourceIds: readonly string[], changedIds: readonly string[]): AuditDetails {
  const unchanged = resourceIds.filter((id) => !changedIds.includes(id));
  return unchanged.length > 0 ? { unchanged } : {};
}

const withOwner = ({ details = {}, resourceOwnerId }: Scope, { userId }: Actor): AuditDetails =>
  resourceOwnerId && resourceOwnerId !== userId ? { ...details, [RESOURCE_OWNER]: resourceOwnerId } : details;

const orNull = (details: AuditDetails) => (Object.keys(details).length > 0 ? details : null);

function toEntry(
  { actor, operation, scope = {} }: Action,
  outcome: Pick<NewAuditEntry, 'succeeded' | 'resourceIds' | 'responseStatus'>,
): NewAuditEntry {
  const principal = 'credential' in actor ? actor : null;
  const orgId = scope.orgId === undefined ? actor.orgId : scope.orgId;
  const details = withOwner(scope, actor);
  const itsWorkspaceId = orgId === actor.orgId ? principal?.workspaceId : null; // not in another organization
  return {
    ...outcome,
    id: scope.entryId ?? null,
    operation,
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
    details: actor.request ? { ...details, [REQUEST_ID]: actor.request.id } : orNull(details),
  };
}
