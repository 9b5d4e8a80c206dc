import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { NoticesModule } from '../notices/index.js';
import { AnnounceExpiries } from './announce-expiries.js';
import { AnnouncementsRepository } from './announcements.repository.js';

/**
 * Before keys and tokens expire: an entry in the audit log, and mails to their owners or to admins. Before memberships
 * end: mails to the person and to who set the end.
 */
@Module({
  imports: [AuditModule, NoticesModule],
  providers: [AnnouncementsRepository, AnnounceExpiries],
})
export class ExpiryMailsModule {}
