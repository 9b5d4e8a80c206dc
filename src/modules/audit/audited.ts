import { RouteConfig } from '@nestjs/platform-fastify';
import type { AuditOperation } from './operations.js';

/** Names the operation of a handler, so that a refused call is recorded too, whichever step refuses it. */
export const Audited = (operation: AuditOperation) => RouteConfig({ auditOperation: operation });

declare module 'fastify' {
  interface FastifyContextConfig {
    auditOperation?: AuditOperation;
  }
}
