import { Injectable } from '@nestjs/common';
import { type CredentialCreator, CredentialCreators } from '../auth/api-keys/index.js';
import { WebhookNotFound } from './core/errors.js';
import { type ListedWebhook, WebhooksRepository } from './core/webhooks.repository.js';

/** `creator`: null if unknown or no longer a member. */
export type DescribedWebhook = {
  readonly webhook: ListedWebhook;
  readonly creator: CredentialCreator | null;
};

/** Webhooks with who created them and what became of their events. */
@Injectable()
export class WebhookLists {
  constructor(
    private readonly webhooks: WebhooksRepository,
    private readonly creators: CredentialCreators,
  ) {}

  /** Newest first. */
  async list(orgId: string, page: { before: string | null; limit: number }): Promise<DescribedWebhook[]> {
    return this.describe(orgId, await this.webhooks.list(orgId, page));
  }

  /** @throws WebhookNotFound */
  async get(orgId: string, id: string): Promise<DescribedWebhook> {
    const webhook = await this.webhooks.find(orgId, id);
    const [described] = webhook ? await this.describe(orgId, [webhook]) : [];
    if (!described) throw new WebhookNotFound();
    return described;
  }

  private async describe(orgId: string, webhooks: readonly ListedWebhook[]): Promise<DescribedWebhook[]> {
    const creators = await this.creators.findOf(orgId, webhooks);
    return webhooks.map((webhook) => ({
      webhook,
      creator: creators.get(webhook.createdByUserId ?? '') ?? null,
    }));
  }
}
