import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { AccessEndMailsRepository } from './access-end-mails.repository.js';
import { DueExpiriesJob } from './due-expiries.job.js';
import { ExpiryMailJob } from './expiry-mail.job.js';
import { ExpiryMailsRepository } from './expiry-mails.repository.js';

/**
 * Before keys and tokens expire: an entry in the audit log, and mails to their owners or to admins. Before memberships
 * end: mails to the person and to who set the end.
 */
@Module({
  imports: [AuditModule],
  providers: [ExpiryMailsRepository, AccessEndMailsRepository, ExpiryMailJob, DueExpiriesJob],
})
export class ExpiryMailsModule {}
