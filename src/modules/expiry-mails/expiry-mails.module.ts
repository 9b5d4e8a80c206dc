import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { NoticesModule } from '../notices/index.js';
import { AnnounceExpiries } from './announce-expiries.js';
import { AnnouncementsRepository } from './announcements.repository.js';

/** Mails before keys, tokens and memberships end; of keys and tokens an entry in the audit log, too. */
@Module({
  imports: [AuditModule, NoticesModule],
  providers: [AnnouncementsRepository, AnnounceExpiries],
})
export class ExpiryMailsModule {}
