import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../common/event-bus.js';
import { hostOf } from '../../common/outbound/address-rules.js';
import { CreatedReceiversRequested } from '../auth/api-keys/index.js';
import { mayGrantOrgAdmin } from '../roles/index.js';
import type { ReceiverKind } from './core/receiver-kind.statements.js';
import { ReceiversRepository } from './core/receivers.repository.js';
import { ReceiversService } from './core/receivers.service.js';
import { LOG_STREAM } from './log-streams/log-stream-kind.js';
import { WEBHOOK } from './webhooks/webhook-kind.js';

/** Lists the receivers that a user created, directly or with keys, and deletes them if requested. */
@Injectable()
export class EndCreatedReceivers implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly receivers: ReceiversRepository,
    private readonly service: ReceiversService,
  ) {}

  onModuleInit(): void {
    this.events.on(CreatedReceiversRequested, async (requested) => {
      requested.webhooks = await this.run(WEBHOOK, requested);
      requested.logStreams = await this.run(LOG_STREAM, requested);
    });
  }

  /** @throws `kind.OnlyAdmins` */
  private async run(kind: ReceiverKind, { principal, creator, isDeleting }: CreatedReceiversRequested) {
    const receivers = await this.receivers.listCreatedBy(kind, principal.orgId, creator);
    if (isDeleting && receivers.length > 0) {
      if (!mayGrantOrgAdmin(principal)) throw new kind.OnlyAdmins();
      const ids = receivers.map(({ id }) => id);
      await this.service.removeAll(kind, principal, ids);
    }
    return receivers.map(({ id, url, description }) => ({ id, host: hostOf(url), description }));
  }
}
