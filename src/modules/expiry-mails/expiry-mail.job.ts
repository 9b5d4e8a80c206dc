import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MailQueue } from '../../database/jobs/mail-queue.js';
import { expiryValues } from './expiry-email.js';
import { ExpiryMailsRepository } from './expiry-mails.repository.js';

const QUEUE = 'expiry-mails';

/** Sends mails about keys and tokens that expire soon (docs/contract/keys.md#mails-before-the-expiry). */
@Injectable()
export class ExpiryMailJob implements OnModuleInit {
  constructor(
    private readonly queue: MailQueue,
    private readonly mails: ExpiryMailsRepository,
  ) {}

  onModuleInit(): void {
    this.queue.process(QUEUE, this.mails, (email, texts, consoleUrl) =>
      texts.render('expiry', email.language, (language) => expiryValues(email, consoleUrl, language)),
    );
  }

  /** False: no mail server is set up. */
  get isConfigured(): boolean {
    return this.queue.isConfigured;
  }

  /** Called in the transaction that inserts the mails. */
  enqueue(mailIds: readonly string[]): Promise<void> {
    return this.queue.enqueue(QUEUE, mailIds);
  }
}
