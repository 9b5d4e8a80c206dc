export { AuditCountsRepository } from './seals/audit-counts.repository.js';
export { AuditModule } from './audit.module.js';
export {
  type Actor,
  type AuditedAction,
  AuditTrail,
  operatorIn,
  type Refusal,
  unchangedFacts,
} from './entries/audit-trail.js';
export { type AuditDetails, AuditEntry, RESOURCE_OWNER } from './entries/entities.js';
export { AuditNamesRepository } from './entries/audit-names.repository.js';
export { toOcsf } from './ocsf.mapper.js';
export { ReadingProofs } from './reading-proofs.js';
export {
  AuditSealsRepository,
  type ChainEnd,
  SEALED,
  stillWriting,
  type WritingObservation,
} from './seals/audit-seals.repository.js';
export { formatHead } from './seals/exported-head.js';
