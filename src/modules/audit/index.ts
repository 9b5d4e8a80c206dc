export { AuditModule } from './audit.module.js';
export { type Actor, AuditTrail } from './audit-trail.js';
export { Audited } from './audited.js';
export type { AuditOperation } from './operations.js';
