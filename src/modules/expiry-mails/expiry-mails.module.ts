import { Module } from '@nestjs/common';
import { DueExpiriesJob } from './due-expiries.job.js';
import { ExpiryMailJob } from './expiry-mail.job.js';
import { ExpiryMailsRepository } from './expiry-mails.repository.js';

/** Mails to the owners of keys and tokens, or to admins, before these expire. */
@Module({ providers: [ExpiryMailsRepository, ExpiryMailJob, DueExpiriesJob] })
export class ExpiryMailsModule {}
