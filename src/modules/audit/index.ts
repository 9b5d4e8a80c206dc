export { AuditModule } from './audit.module.js';
export { type Actor, AuditTrail, operatorIn, type Refusal } from './audit-trail.js';
export type { AuditDetails } from './audit-entry.entity.js';
export { Audited, AuditedWithoutOrg } from './audited.decorator.js';
export type { AuditOperation } from './operations.js';
