import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../common/event-bus.js';
import { hostOf } from '../../common/outbound/address-rules.js';
import { CreatedReceiversRequested } from '../auth/api-keys/index.js';
import { mayGrantOrgAdmin } from '../roles/index.js';
import { OnlyAdminsManageWebhooks } from './core/errors.js';
import { WebhooksRepository } from './core/webhooks.repository.js';
import { WebhooksService } from './webhooks.service.js';

/** Lists the webhooks that a user created, directly or with keys, and deletes them if requested. */
@Injectable()
export class EndCreatedWebhooks implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly webhooks: WebhooksRepository,
    private readonly service: WebhooksService,
  ) {}

  onModuleInit(): void {
    this.events.on(CreatedReceiversRequested, async (requested) => {
      const { orgId } = requested.principal;
      const webhooks = await this.webhooks.listCreatedBy(orgId, requested.creator);
      requested.webhooks = webhooks.map(({ id, url, description }) => {
        return { id, host: hostOf(url), description };
      });
      if (requested.isDeleting) await this.delete(requested);
    });
  }

  /** @throws OnlyAdminsManageWebhooks */
  private async delete({ principal, webhooks }: CreatedReceiversRequested): Promise<void> {
    if (webhooks.length === 0) return;
    if (!mayGrantOrgAdmin(principal)) throw new OnlyAdminsManageWebhooks();
    await this.service.removeAll(
      principal,
      webhooks.map(({ id }) => id),
    );
  }
}
