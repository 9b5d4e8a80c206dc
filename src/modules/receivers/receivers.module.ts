import { Module, type OnModuleInit } from '@nestjs/common';
import { SecretBox } from '../../common/secrets/secret-box.js';
import { Config } from '../../config/config.js';
import { AuditModule } from '../audit/index.js';
import { ApiKeysModule } from '../auth/api-keys/index.js';
import { EventsModule } from '../events/index.js';
import { NoticesModule } from '../notices/index.js';
import { DispatcherJob } from './core/dispatcher.job.js';
import { LogCursorsRepository } from './core/log-cursors.repository.js';
import { ReceiversRepository } from './core/receivers.repository.js';
import { ReceiversService } from './core/receivers.service.js';
import { EndCreatedReceivers } from './end-created-receivers.js';
import { LogStreamSender } from './log-streams/log-stream-sender.js';
import { LogStreamsController } from './log-streams/log-streams.controller.js';
import { LogStreamsRepository } from './log-streams/log-streams.repository.js';
import { SendLines } from './log-streams/send-lines.js';
import { DeliveriesRepository } from './webhooks/deliveries.repository.js';
import { RedeliverEvents } from './webhooks/redeliver-events.js';
import { SendEvents } from './webhooks/send-events.js';
import { WebhookAttempts } from './webhooks/webhook-attempts.js';
import { WebhookMailsRepository } from './webhooks/webhook-mails.repository.js';
import { WebhookSecrets } from './webhooks/webhook-secrets.js';
import { WebhookSender } from './webhooks/webhook-sender.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';
import { WebhooksRepository } from './webhooks/webhooks.repository.js';
import { WebhooksService } from './webhooks/webhooks.service.js';

/** With the salt of API keys: as long as keys work, what is sent to receivers again can be decrypted. */
const SECRETS = {
  provide: SecretBox,
  useFactory: ({ apiKeys }: Config) => new SecretBox(apiKeys.salt, 'secrets for receivers'),
  inject: [Config],
};

/** Sends what happens in organizations to addresses of their choice. */
@Module({
  imports: [AuditModule, ApiKeysModule, EventsModule, NoticesModule],
  controllers: [WebhooksController, LogStreamsController],
  providers: [
    SECRETS,
    LogCursorsRepository,
    ReceiversRepository,
    ReceiversService,
    EndCreatedReceivers,
    DispatcherJob,
    WebhooksRepository,
    WebhookSecrets,
    WebhooksService,
    DeliveriesRepository,
    RedeliverEvents,
    SendEvents,
    WebhookMailsRepository,
    WebhookAttempts,
    WebhookSender,
    LogStreamsRepository,
    SendLines,
    LogStreamSender,
  ],
})
export class ReceiversModule implements OnModuleInit {
  constructor(
    private readonly dispatcher: DispatcherJob,
    private readonly webhooks: WebhookSender,
    private readonly logStreams: LogStreamSender,
  ) {}

  onModuleInit(): void {
    this.dispatcher.add(this.webhooks);
    this.dispatcher.add(this.logStreams);
  }
}
