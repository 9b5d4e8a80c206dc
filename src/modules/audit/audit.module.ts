import { Module } from '@nestjs/common';
import { AuditEntriesRepository } from './audit-entries.repository.js';
import { AuditLogsController } from './audit-logs.controller.js';
import { AuditLogsService } from './audit-logs.service.js';
import { AuditTrail } from './audit-trail.js';
import { RecordRefusedCalls } from './record-refused-calls.js';

/** Owns the append-only record of who did what. Decides nothing. */
@Module({
  controllers: [AuditLogsController],
  providers: [AuditEntriesRepository, AuditTrail, AuditLogsService, RecordRefusedCalls],
  exports: [AuditTrail],
})
export class AuditModule {}
