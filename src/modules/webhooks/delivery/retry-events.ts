import { Injectable } from '@nestjs/common';
import { LEASE_SECONDS, whileRenewing } from '../../../common/background/lease.js';
import { first } from '../../../common/collections.js';
import { eventsOf, EventsReadModel, toEvent } from '../../events/index.js';
import { WebhooksRepository } from '../core/webhooks.repository.js';
import { DeliveriesRepository, type DueDelivery } from './deliveries.repository.js';
import { RecordAttempts } from './record-attempts.js';
import { secondsToNext } from './retry-schedule.js';
import { SendEvents, type SentEvent } from './send-events.js';

/** When no connection was free. */
const BUSY_SECONDS = 2;

/** Sends events again that have not arrived at a webhook. */
@Injectable()
export class RetryEvents {
  constructor(
    private readonly webhooks: WebhooksRepository,
    private readonly events: EventsReadModel,
    private readonly deliveries: DeliveriesRepository,
    private readonly sender: SendEvents,
    private readonly recording: RecordAttempts,
  ) {}

  /** @param due of one webhook, claimed by this process */
  async run(due: readonly DueDelivery[]): Promise<void> {
    const { orgId, webhookId } = first(due);
    let { claimedUntil } = first(due);
    const receiver = await this.webhooks.findReceiver(orgId, webhookId);
    if (!receiver?.isEnabled) return; // due again once it is enabled
    const events = await this.read(orgId, due);
    const renew = async () => {
      const renewed = due.map((one) => ({ ...one, claimedUntil, delaySeconds: LEASE_SECONDS }));
      claimedUntil = (await this.deliveries.reschedule(webhookId, renewed)) ?? claimedUntil;
    };
    const sent = await whileRenewing(renew, () => this.sender.send(receiver, [...events.values()]));
    const byId = new Map(due.map((one) => [one.eventId, one]));
    const attempts = new Map(sent.map((one) => [one.event.id, one.attempt]));
    const isDone = ({ eventId }: DueDelivery) =>
      !events.has(eventId) || attempts.get(eventId)?.outcome === 'delivered';
    await this.recording.record(
      receiver,
      sent.map((one) => ({ ...one, failures: byId.get(one.event.id)?.attempts ?? 0 })),
      async () => {
        await this.deliveries.remove(
          webhookId,
          due.filter(isDone).map(({ eventId }) => eventId),
        );
        const failures = due
          .filter((one) => !isDone(one))
          .map((one) => {
            const isAttempted = attempts.has(one.eventId);
            const failed = one.attempts + Number(isAttempted);
            const delaySeconds = isAttempted ? secondsToNext(failed) : BUSY_SECONDS;
            return { ...one, attempts: failed, delaySeconds, claimedUntil };
          });
        await this.deliveries.reschedule(webhookId, failures);
        return true;
      },
    );
  }

  /** By id, in the order in which they happened. Without those whose entry retention has removed. */
  private async read(orgId: string, due: readonly DueDelivery[]): Promise<ReadonlyMap<string, SentEvent>> {
    const wanted = new Set(due.map(({ eventId }) => eventId));
    const positions = [...new Set(due.map(({ position }) => position))];
    const entries = await this.events.findEntries(orgId, positions);
    const events = entries.flatMap(eventsOf).filter(({ id }) => wanted.has(id));
    return new Map(
      events
        .sort((a, b) => Number(a.sequence) - Number(b.sequence))
        .map((event) => [event.id, toEvent(event)]),
    );
  }
}
