import { RouteConfig } from '@nestjs/platform-fastify';
import type { AuditOperation } from './operations.js';

/** Names the operation of a handler, so that a refused call is recorded too, whichever step refuses it. */
export const Audited = (operation: AuditOperation) => RouteConfig({ auditOperation: operation });

/**
 * `Audited`, of what somebody does in no organization: a refusal is recorded in the one that it concerns, or in none, and
 * never where he happens to be a member.
 */
export const AuditedWithoutOrg = (operation: AuditOperation) =>
  RouteConfig({ auditOperation: operation, actsInNoOrg: true });

declare module 'fastify' {
  interface FastifyContextConfig {
    auditOperation?: AuditOperation;
    actsInNoOrg?: boolean;
  }
}
