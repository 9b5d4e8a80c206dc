import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { MailValues } from '../../../common/mail/mail-placeholders.js';
import { shownName } from '../../../common/mail/mail-texts.js';
import { hostOf } from '../../../common/outbound/address-rules.js';
import { MailQueue } from '../../../database/jobs/mail-queue.js';
import { type WebhookEmail, WebhookMailsRepository } from './webhook-mails.repository.js';

const QUEUE = 'webhook-mails';

/** Sends mails about webhooks that were disabled (docs/contract/webhooks.md#requests). */
@Injectable()
export class WebhookMailJob implements OnModuleInit {
  constructor(
    private readonly queue: MailQueue,
    private readonly mails: WebhookMailsRepository,
  ) {}

  onModuleInit(): void {
    this.queue.process(QUEUE, this.mails, (email, texts, consoleUrl) =>
      texts.render('webhook', email.language, () => valuesOf(email, consoleUrl)),
    );
  }

  /** Called in the transaction that disables the webhook. Nothing if no mail server is set up. */
  async enqueue(orgId: string, webhookId: string): Promise<void> {
    if (this.queue.isConfigured) await this.queue.enqueue(QUEUE, await this.mails.insert(orgId, webhookId));
  }
}

const valuesOf = (email: WebhookEmail, consoleUrl: string | null): MailValues<'webhook'> => ({
  email: email.email,
  name: email.fullName && shownName(email.fullName),
  organization: shownName(email.orgName),
  host: hostOf(email.url),
  description: email.description || null,
  gone: email.reason === 'gone' ? 'yes' : null,
  link: consoleUrl && `${consoleUrl}/organizations/${email.orgId}/settings/webhooks/${email.webhookId}`,
});
