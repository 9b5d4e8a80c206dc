import { Module } from '@nestjs/common';
import { AuditCountsRepository } from './seals/audit-counts.repository.js';
import { AuditEntriesRepository } from './entries/audit-entries.repository.js';
import { AuditNamesRepository } from './entries/audit-names.repository.js';
import { AuditLogsController } from './audit-logs.controller.js';
import { AuditLogsService } from './audit-logs.service.js';
import { AuditTrail } from './entries/audit-trail.js';
import { ReadingProofs } from './reading-proofs.js';
import { RecordRefusedRequests } from './record-refused-requests.js';
import { AuditSealsRepository } from './seals/audit-seals.repository.js';
import { AuditVerifyCommand } from './seals/audit-verify.command.js';
import { AuditLogMaintenance } from './seals/audit-log-maintenance.js';
import { RemoveOldEntries } from './seals/remove-old-entries.js';
import { SealEntries } from './seals/seal-entries.js';
import { SealKey } from './seals/seal-key.js';
import { VerifyChains } from './seals/verify-chains.js';

@Module({
  controllers: [AuditLogsController],
  providers: [
    AuditCountsRepository,
    AuditEntriesRepository,
    AuditNamesRepository,
    AuditTrail,
    ReadingProofs,
    AuditLogsService,
    RecordRefusedRequests,
    SealKey,
    AuditSealsRepository,
    SealEntries,
    RemoveOldEntries,
    AuditLogMaintenance,
    VerifyChains,
    AuditVerifyCommand,
  ],
  exports: [AuditCountsRepository, AuditNamesRepository, AuditTrail, AuditSealsRepository, ReadingProofs],
})
export class AuditModule {}
