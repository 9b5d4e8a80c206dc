import { Module } from '@nestjs/common';
import { MailsRepository } from './mails.repository.js';
import { OutboxJob } from './outbox.job.js';

/** Sends the mails of all modules. They say who gets them, what is true when they are sent, and the values of the texts. */
@Module({
  providers: [MailsRepository, OutboxJob],
  exports: [OutboxJob],
})
export class NoticesModule {}
