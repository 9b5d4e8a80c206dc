import { Injectable } from '@nestjs/common';
import { AuditTrail, operatorIn } from '../../audit/index.js';
import { WebhooksRepository } from '../core/webhooks.repository.js';
import { WebhookMailJob } from './webhook-mail.job.js';
import { WebhookMailsRepository } from './webhook-mails.repository.js';

/** Disables a webhook of which the receiver is gone, or at which an event has failed for the last time. */
@Injectable()
export class DisableWebhook {
  constructor(
    private readonly webhooks: WebhooksRepository,
    private readonly mails: WebhookMailsRepository,
    private readonly job: WebhookMailJob,
    private readonly audit: AuditTrail,
  ) {}

  /** In the open transaction, which has locked organization and webhook. Nothing if it is disabled already. */
  async run(orgId: string, id: string, reason: 'gone' | 'failures'): Promise<void> {
    const webhook = await this.webhooks.lock(orgId, id);
    if (!webhook || webhook.disabledAt) return;
    await this.webhooks.update(webhook, { disabledReason: reason }, null);
    const details = { is_enabled: false, reason };
    await this.audit.record(operatorIn(orgId), 'update_webhook', [id], { details });
    if (this.job.isConfigured) await this.job.enqueue(await this.mails.insert(orgId, id));
  }
}
