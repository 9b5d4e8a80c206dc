import { Injectable } from '@nestjs/common';
import { Transaction } from '../../../database/transactions/transaction.js';
import { WebhooksRepository, type Receiver } from '../core/webhooks.repository.js';
import { DisableWebhook } from '../disabling/disable-webhook.js';
import { AttemptsRepository } from './attempts.repository.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import type { Sent } from './send-events.js';

/** `failures`: how many attempts of the event had failed before. */
export type MadeAttempt = Sent & { readonly failures: number };

const MOST_FAILURES = 10;
/** If the receiver does not say how long. */
const PAUSE_SECONDS = 5;

/** Stores what became of requests, in one transaction. */
@Injectable()
export class RecordAttempts {
  constructor(
    private readonly webhooks: WebhooksRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly attempts: AttemptsRepository,
    private readonly disable: DisableWebhook,
    private readonly transaction: Transaction,
  ) {}

  /**
   * Disables a webhook that is gone, or at which an event has failed for the last time; pauses one that throttles.
   *
   * @param write what becomes of the events; false: another process has dealt with them, so that nothing is stored
   */
  async record(
    { orgId, id }: Receiver,
    made: readonly MadeAttempt[],
    write: () => Promise<boolean>,
  ): Promise<void> {
    const reason = disabledReason(made);
    const store = async () => {
      if (!(await this.webhooks.lock(orgId, id))) return;
      if (!(await write())) return;
      await this.attempts.insert(id, made.map(toAttempt));
      const pause = pauseOf(made);
      if (pause > 0) await this.deliveries.pause(id, pause);
      if (reason) await this.disable.run(orgId, id, reason);
    };
    await (reason ? this.transaction.inOrganization(orgId, store) : this.transaction.run(store));
  }
}

/** Null: enabled. */
function disabledReason(made: readonly MadeAttempt[]): 'gone' | 'failures' | null {
  if (made.some(({ attempt }) => attempt.outcome === 'gone')) return 'gone';
  const isGivenUp = ({ attempt, failures }: MadeAttempt) =>
    attempt.outcome !== 'delivered' && failures + 1 >= MOST_FAILURES;
  return made.some(isGivenUp) ? 'failures' : null;
}

/** For how many seconds the receiver wants no requests. */
const pauseOf = (made: readonly Sent[]): number =>
  Math.max(
    0,
    ...made.map(({ attempt: { outcome, retryAfterSeconds } }) =>
      outcome === 'throttled' ? (retryAfterSeconds ?? PAUSE_SECONDS) : 0,
    ),
  );

export const toAttempt = ({ event, attempt, attemptedAt, failures }: MadeAttempt) => ({
  eventId: event.id,
  eventType: event.type,
  attempt: failures + 1,
  attemptedAt,
  durationMs: attempt.durationMs,
  succeeded: attempt.outcome === 'delivered',
  status: attempt.status,
  code: attempt.code,
  response: attempt.response,
});
