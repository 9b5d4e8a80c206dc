import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { ApiKeysModule } from '../auth/api-keys/index.js';
import { EventsModule } from '../events/index.js';
import { WebhookSecrets } from './core/webhook-secrets.js';
import { WebhooksRepository } from './core/webhooks.repository.js';
import { WebhookLists } from './webhook-lists.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

/** Sends the events of organizations to addresses of their choice. */
@Module({
  imports: [AuditModule, ApiKeysModule, EventsModule],
  controllers: [WebhooksController],
  providers: [WebhooksRepository, WebhookSecrets, WebhookLists, WebhooksService],
})
export class WebhooksModule {}
