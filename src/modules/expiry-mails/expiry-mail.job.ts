import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onListening } from '../../common/background/lifecycle.js';
import { MailTexts } from '../../common/mail/mail-texts.js';
import { Mailer } from '../../common/mail/mailer.js';
import { Config } from '../../config/config.js';
import { type JobOutcome, JobQueue, MAIL_OUTCOME } from '../../database/jobs/job-queue.js';
import { expiryValues } from './expiry-email.js';
import { ExpiryMailsRepository } from './expiry-mails.repository.js';

const QUEUE = 'expiry-mails';

/** Sends mails about keys and tokens that expire soon (docs/contract/keys.md#mails-before-the-expiry). */
@Injectable()
export class ExpiryMailJob implements OnModuleInit {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly mailer: Mailer,
    private readonly jobs: JobQueue,
    private readonly mails: ExpiryMailsRepository,
    private readonly texts: MailTexts,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    if (this.isConfigured)
      onListening(this.adapter, () => this.jobs.process(QUEUE, ({ id }) => this.send(id)));
  }

  /** False: no mail server is set up. */
  get isConfigured(): boolean {
    return this.mailer.isConfigured;
  }

  /** Called in the transaction that inserts the mails. */
  async enqueue(mailIds: readonly string[]): Promise<void> {
    if (mailIds.length > 0) await this.jobs.enqueue(QUEUE, mailIds);
  }

  private async send(mailId: string): Promise<JobOutcome> {
    const email = await this.mails.findMail(mailId);
    if (!email) return 'done';
    const content = this.texts.render('expiry', email.language, (language) =>
      expiryValues(email, this.consoleUrl, language),
    );
    const mail = { id: mailId, to: email.email, ...content };
    const { outcome } = await this.mailer.send(mail, () => this.mails.claimHandover(mailId));
    if (outcome === 'refused' || outcome === 'refused-for-good') await this.mails.releaseHandover(mailId);
    return MAIL_OUTCOME[outcome];
  }

  private get consoleUrl(): string | null {
    const { publicUrl, consoleIsEnabled } = this.config.server;
    return consoleIsEnabled ? publicUrl && `${publicUrl}/console` : null;
  }
}
