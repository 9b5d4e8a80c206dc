import { MergeRouteConfig } from '../../common/http/operations/operation.decorator.js';
import type { AuditOperation } from './entries/operations.js';

/** Names the operation of a handler, so that a refused request is recorded whichever step refuses it. */
export const Audited = (operation: AuditOperation) => MergeRouteConfig({ auditOperation: operation });

/**
 * `Audited` for operations outside an organization: a refusal is recorded in the organization that it concerns, or in
 * none, and never in one where the caller happens to be a member.
 */
export const AuditedWithoutOrg = (operation: AuditOperation) =>
  MergeRouteConfig({ auditOperation: operation, actsInNoOrg: true });

declare module 'fastify' {
  interface FastifyContextConfig {
    auditOperation?: AuditOperation;
    actsInNoOrg?: boolean;
  }
}
