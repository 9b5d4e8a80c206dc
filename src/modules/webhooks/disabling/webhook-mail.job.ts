import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onListening } from '../../../common/background/lifecycle.js';
import type { MailValues } from '../../../common/mail/mail-templates.js';
import { MailTexts } from '../../../common/mail/mail-texts.js';
import { Mailer } from '../../../common/mail/mailer.js';
import { hostOf } from '../../../common/outbound/address-rules.js';
import { Config } from '../../../config/config.js';
import { type JobOutcome, JobQueue, MAIL_OUTCOME } from '../../../database/jobs/job-queue.js';
import { type WebhookEmail, WebhookMailsRepository } from './webhook-mails.repository.js';

const QUEUE = 'webhook-mails';
const MAX_NAME_LENGTH = 100;

/** Sends mails about webhooks that were disabled (docs/contract/webhooks.md#requests). */
@Injectable()
export class WebhookMailJob implements OnModuleInit {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly mailer: Mailer,
    private readonly jobs: JobQueue,
    private readonly mails: WebhookMailsRepository,
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
    const email = await this.mails.find(mailId);
    if (!email) return 'done';
    const content = this.texts.render('webhook', email.language, () => valuesOf(email, this.consoleUrl));
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

const valuesOf = (email: WebhookEmail, consoleUrl: string | null): MailValues<'webhook'> => ({
  email: email.email,
  name: email.fullName && truncated(email.fullName),
  organization: truncated(email.orgName),
  host: hostOf(email.url),
  description: email.description || null,
  gone: email.reason === 'gone' ? 'yes' : null,
  link: consoleUrl && `${consoleUrl}/organizations/${email.orgId}/settings/webhooks/${email.webhookId}`,
});

const truncated = (name: string): string =>
  name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH)}…` : name;
