import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { NoConnectionForTest } from '../../../common/outbound/outbound.errors.js';
import { newId } from '../../../database/statements/new-id.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { toActor } from '../../events/index.js';
import { WebhookNotFound } from '../core/errors.js';
import { WebhooksRepository } from '../core/webhooks.repository.js';
import {
  type AttemptFilter,
  type AttemptPage,
  AttemptsRepository,
  type ListedAttempt,
} from './attempts.repository.js';
import { toAttempt } from './record-attempts.js';
import { SendEvents, type SentEvent } from './send-events.js';

/** Attempts of a webhook, and tests, which are attempts that somebody asks for. */
@Injectable()
export class WebhookAttemptsService {
  constructor(
    private readonly webhooks: WebhooksRepository,
    private readonly attempts: AttemptsRepository,
    private readonly sender: SendEvents,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** Newest first. @throws WebhookNotFound */
  async list(
    orgId: string,
    id: string,
    ...listing: [filter: AttemptFilter, page: AttemptPage]
  ): Promise<ListedAttempt[]> {
    if (!(await this.webhooks.findReceiver(orgId, id))) throw new WebhookNotFound();
    return this.attempts.list(id, ...listing);
  }

  /**
   * Sends an event that says that it is a test, also to a disabled webhook. Recorded before it is sent; no connection to the
   * database is held meanwhile.
   *
   * @throws WebhookNotFound or NoConnectionForTest
   */
  async test(principal: OrgPrincipal, id: string): Promise<ListedAttempt> {
    const { orgId } = principal;
    const receiver = await this.transaction.as(principal, async () => {
      const found = await this.webhooks.findReceiver(orgId, id);
      if (!found) throw new WebhookNotFound();
      await this.audit.record(principal, 'test_webhook', [id]);
      return found;
    });
    const [sent] = await this.sender.send(receiver, [testEvent(id, principal, receiver.now)]);
    if (!sent) throw new NoConnectionForTest();
    return this.transaction.run(async () => {
      if (!(await this.webhooks.lock(orgId, id))) throw new WebhookNotFound();
      await this.attempts.insert(id, [toAttempt({ ...sent, failures: -1 })]);
      const eventId = sent.event.id;
      const [listed] = await this.attempts.list(id, { eventId, failed: null }, { after: null, limit: 1 });
      if (!listed) throw new WebhookNotFound();
      return listed;
    });
  }
}

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
