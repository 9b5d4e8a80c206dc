import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { first } from '../../../common/collections.js';
import type { ListPage } from '../../../common/lists/cursor-list.js';
import { newId } from '../../../database/statements/new-id.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { toActor } from '../../events/index.js';
import { ReceiversService } from '../core/receivers.service.js';
import { hasArrived, SendEvents, type Sent, type SentEvent } from './send-events.js';
import { type SendingWebhook, WEBHOOK } from './webhook-kind.js';
import { WebhookMailsRepository } from './webhook-mails.repository.js';
import {
  type AttemptFilter,
  type ListedAttempt,
  type MadeAttempt,
  WebhooksRepository,
} from './webhooks.repository.js';

const MOST_FAILURES = 10;
/** If the receiver does not say how long. */
const THROTTLED_SECONDS = 5;

/** Attempts to send events, and what follows from them. */
@Injectable()
export class WebhookAttempts {
  constructor(
    private readonly receivers: ReceiversService,
    private readonly webhooks: WebhooksRepository,
    private readonly mails: WebhookMailsRepository,
    private readonly sending: SendEvents,
    private readonly transaction: Transaction,
  ) {}

  /**
   * Stores what became of requests; pauses a webhook that throttles, and tells admins of one that is disabled.
   *
   * @param write what becomes of the events; false: another process has dealt with them, so that nothing is stored
   */
  async record(
    { orgId, id }: SendingWebhook,
    made: readonly MadeAttempt[],
    write: () => Promise<boolean>,
  ): Promise<void> {
    const reason = disabledReason(made);
    await this.receivers.record(WEBHOOK, { orgId, id }, reason, async ({ disabledAt }) => {
      if (!(await write())) return false;
      await this.webhooks.insertAttempts(id, made);
      const pause = pauseOf(made);
      if (pause > 0) await this.webhooks.pause(id, pause);
      if (reason && !disabledAt) await this.mails.queue(orgId, id);
      return true;
    });
  }

  /** Newest first. @throws WebhookNotFound */
  async list(
    orgId: string,
    id: string,
    ...listing: [filter: AttemptFilter, page: ListPage]
  ): Promise<ListedAttempt[]> {
    await this.receivers.load(WEBHOOK, orgId, id);
    return this.webhooks.listAttempts(id, ...listing);
  }

  /** Sends an event that says that it is a test, which is an attempt like others. @throws as `ReceiversService.test` */
  async test(principal: OrgPrincipal, id: string): Promise<ListedAttempt> {
    const sent = await this.receivers.test(WEBHOOK, principal, id, async (receiver) => {
      return (await this.sending.send(receiver, [testEvent(id, principal, receiver.now)]))[0];
    });
    return this.transaction.run(async () => {
      await this.receivers.lock(WEBHOOK, principal.orgId, id);
      await this.webhooks.insertAttempts(id, [{ ...sent, failures: -1 }]);
      const filter = { eventId: sent.event.id, failed: null };
      return first(await this.webhooks.listAttempts(id, filter, { after: null, limit: 1 }));
    });
  }
}

/** It is gone, or an event has failed for the last time. Null: it stays enabled. */
function disabledReason(made: readonly MadeAttempt[]): 'gone' | 'failures' | null {
  if (made.some(({ attempt }) => attempt.outcome === 'gone')) return 'gone';
  const isGivenUp = (one: MadeAttempt) => !hasArrived(one) && one.failures + 1 >= MOST_FAILURES;
  return made.some(isGivenUp) ? 'failures' : null;
}

/** For how many seconds the receiver wants no requests. */
const pauseOf = (made: readonly Sent[]): number =>
  Math.max(
    0,
    ...made.map(({ attempt: { outcome, retryAfterSeconds } }) =>
      outcome === 'throttled' ? (retryAfterSeconds ?? THROTTLED_SECONDS) : 0,
    ),
  );

/** In no log. */
const testEvent = (webhookId: string, { userId, credential }: OrgPrincipal, now: number): SentEvent => ({
  id: `${newId()}-0`,
  sequence: '0',
  type: 'webhook.test',
  timestamp: new Date(now * 1000).toISOString(),
  actor: toActor({
    userId,
    credentialKind: credential.kind,
    credentialId: credential.kind === 'session' ? null : credential.id,
  }),
  subject: { kind: 'webhook', id: webhookId },
  data: {},
});
