import { Module } from '@nestjs/common';
import { AuditEntriesRepository } from './audit-entries.repository.js';
import { AuditTrail } from './audit-trail.js';
import { RecordRefusedCalls } from './record-refused-calls.js';

/** Owns the append-only record of who did what. Decides nothing. */
@Module({ providers: [AuditEntriesRepository, AuditTrail, RecordRefusedCalls], exports: [AuditTrail] })
export class AuditModule {}
