import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/index.js';
import { ApiKeysModule } from '../auth/api-keys/index.js';
import { EventsModule } from '../events/index.js';
import { WebhookSecrets } from './core/webhook-secrets.js';
import { WebhooksRepository } from './core/webhooks.repository.js';
import { AttemptsRepository } from './delivery/attempts.repository.js';
import { DeliverNewEvents } from './delivery/deliver-new-events.js';
import { DeliveriesRepository } from './delivery/deliveries.repository.js';
import { RecordAttempts } from './delivery/record-attempts.js';
import { RedeliverEvents } from './delivery/redeliver-events.js';
import { RetryEvents } from './delivery/retry-events.js';
import { SendEvents } from './delivery/send-events.js';
import { WebhookAttemptsService } from './delivery/webhook-attempts.service.js';
import { WebhookDeliveriesController } from './delivery/webhook-deliveries.controller.js';
import { WebhookDispatcherJob } from './delivery/webhook-dispatcher.job.js';
import { DisableWebhook } from './disabling/disable-webhook.js';
import { WebhookMailJob } from './disabling/webhook-mail.job.js';
import { WebhookMailsRepository } from './disabling/webhook-mails.repository.js';
import { EndCreatedWebhooks } from './end-created-webhooks.js';
import { WebhookLists } from './webhook-lists.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

/** Sends the events of organizations to addresses of their choice. */
@Module({
  imports: [AuditModule, ApiKeysModule, EventsModule],
  controllers: [WebhooksController, WebhookDeliveriesController],
  providers: [
    WebhooksRepository,
    WebhookSecrets,
    WebhookLists,
    WebhooksService,
    EndCreatedWebhooks,
    AttemptsRepository,
    DeliveriesRepository,
    WebhookMailsRepository,
    WebhookMailJob,
    DisableWebhook,
    SendEvents,
    RecordAttempts,
    DeliverNewEvents,
    RetryEvents,
    RedeliverEvents,
    WebhookAttemptsService,
    WebhookDispatcherJob,
  ],
})
export class WebhooksModule {}
