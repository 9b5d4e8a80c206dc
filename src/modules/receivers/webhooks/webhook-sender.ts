import { Injectable } from '@nestjs/common';
import { LEASE_SECONDS, whileRenewing } from '../../../common/background/lifecycle.js';
import { first } from '../../../common/collections.js';
import { type AuditEvent, eventsOf, EventsReadModel, toEvent } from '../../events/index.js';
import { BUSY_SECONDS, COLLECTING_SECONDS, type Sender, type StartSending } from '../core/dispatcher.job.js';
import { type LogClaim, LogCursorsRepository } from '../core/log-cursors.repository.js';
import {
  DeliveriesRepository,
  type DueDelivery,
  type Failure,
  secondsToNext,
} from './deliveries.repository.js';
import { hasArrived, type Sent, SendEvents, type SentEvent, wantedBy } from './send-events.js';
import { WebhookAttempts } from './webhook-attempts.js';
import { type SendingWebhook, WEBHOOK, type WebhookTypes } from './webhook-kind.js';

/** `position`: of the entry. */
type EntryEvents = { readonly position: string; readonly events: readonly AuditEvent[] };

const MOST_WEBHOOKS = 100;
const MOST_ENTRIES = 200;
const MOST_EVENTS = 200; // or those of one entry
/** While nothing arrives: the next events wait in the log, and do not become rows. */
const FAILING_PAUSE_SECONDS = 5;
const FULL_PAUSE_SECONDS = 60;

/** Sends the events that follow the cursor of a webhook, once each, and again those that have not arrived (docs/decisions/0105). */
@Injectable()
export class WebhookSender implements Sender<WebhookTypes> {
  readonly kind = WEBHOOK;
  readonly log = {
    context: 'WebhookDispatcherJob',
    search: 'look for events for webhooks',
    work: 'send events to a webhook',
  };
  readonly mostClaims = MOST_WEBHOOKS;
  readonly stopWithinMs = 8_000;
  /** To which this process sends events again at present. */
  private readonly retrying = new Set<string>();

  constructor(
    private readonly cursors: LogCursorsRepository,
    private readonly events: EventsReadModel,
    private readonly deliveries: DeliveriesRepository,
    private readonly sending: SendEvents,
    private readonly attempts: WebhookAttempts,
  ) {}

  async send(receiver: SendingWebhook, claim: LogClaim): Promise<boolean> {
    const wait = (await this.deliveries.isFull(claim.id)) ? FULL_PAUSE_SECONDS : receiver.pausedSeconds;
    if (wait > 0) {
      await this.cursors.move(claim, claim.position, wait);
      return false;
    }
    const { entries, end } = await this.readNew(receiver, claim);
    const events = entries.flatMap((entry) => entry.events.map(toEvent));
    const sent = await this.sending.send(receiver, events);
    const isFailing = events.length > 0 && !sent.some(hasArrived);
    const isAtEnd = end === String(claim.horizon.position);
    const pause = Math.max(isFailing ? FAILING_PAUSE_SECONDS : 0, isAtEnd ? COLLECTING_SECONDS : 0);
    const { position, failed } = outcomeOf(entries, sent, { start: claim.position, end });
    const made = sent.map((one) => ({ ...one, failures: 0 }));
    await this.attempts.record(receiver, made, async () => {
      if (!(await this.cursors.move(claim, position, pause))) return false;
      await this.deliveries.insert(claim.id, failed);
      return true;
    });
    return pause === 0;
  }

  async startMore(start: StartSending<WebhookTypes>): Promise<void> {
    const free = MOST_WEBHOOKS - this.retrying.size;
    if (free <= 0) return;
    const claimed = await this.deliveries.claimDue([...this.retrying], free);
    for (const [id, due] of Map.groupBy(claimed, ({ webhookId }) => webhookId)) {
      this.retrying.add(id);
      const { orgId } = first(due);
      const send = (receiver: SendingWebhook) => this.sendAgain(receiver, due);
      start({ id, orgId }, send, () => this.retrying.delete(id));
    }
  }

  bringForward(): Promise<void> {
    return this.deliveries.bringForward();
  }

  /** @param due claimed by this process */
  private async sendAgain(receiver: SendingWebhook, due: readonly DueDelivery[]): Promise<boolean> {
    const { id, orgId } = receiver;
    let { claimedUntil } = first(due);
    const events = await this.readAgain(orgId, due);
    const renew = async () => {
      const renewed = due.map((one) => ({ ...one, claimedUntil, delaySeconds: LEASE_SECONDS }));
      claimedUntil = (await this.deliveries.reschedule(id, renewed)) ?? claimedUntil;
    };
    const sent = await whileRenewing(renew, () => this.sending.send(receiver, [...events.values()]));
    const failures = new Map(due.map((one) => [one.eventId, one.attempts]));
    const attempts = new Map(sent.map((one) => [one.event.id, one.attempt]));
    const isDone = ({ eventId }: DueDelivery) =>
      !events.has(eventId) || attempts.get(eventId)?.outcome === 'delivered';
    const made = sent.map((one) => ({ ...one, failures: failures.get(one.event.id) ?? 0 }));
    await this.attempts.record(receiver, made, async () => {
      const done = due.filter(isDone).map(({ eventId }) => eventId);
      await this.deliveries.remove(id, done);
      const failed = due
        .filter((one) => !isDone(one))
        .map((one) => {
          const isAttempted = attempts.has(one.eventId);
          const count = one.attempts + Number(isAttempted);
          const delaySeconds = isAttempted ? secondsToNext(count) : BUSY_SECONDS;
          return { ...one, attempts: count, delaySeconds, claimedUntil };
        });
      await this.deliveries.reschedule(id, failed);
      return true;
    });
    return true;
  }

  /** `end`: where the cursor is when all of them are dealt with. */
  private async readNew(receiver: SendingWebhook, { orgId, position, horizon }: LogClaim) {
    const range = { from: BigInt(position) + 1n, through: horizon.position, limit: MOST_ENTRIES };
    const read = await this.events.listEntries(orgId, range);
    const entries: EntryEvents[] = [];
    let count = 0;
    for (const entry of read) {
      const events = eventsOf(entry).filter(wantedBy(receiver));
      if (count > 0 && count + events.length > MOST_EVENTS) break;
      count += events.length;
      entries.push({ position: entry.position, events });
    }
    const isAll = read.length < MOST_ENTRIES && entries.length === read.length;
    return { entries, end: isAll ? String(horizon.position) : (entries.at(-1)?.position ?? position) };
  }

  /** By id, in the order in which they happened. Without those whose entry retention has removed. */
  private async readAgain(
    orgId: string,
    due: readonly DueDelivery[],
  ): Promise<ReadonlyMap<string, SentEvent>> {
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

/**
 * Entries up to the last one of which an event was sent are dealt with, and so are those of which none is wanted that
 * follow. Of these, what has not arrived is tried again.
 */
function outcomeOf(
  entries: readonly EntryEvents[],
  sent: readonly Sent[],
  { start, end }: { start: string; end: string },
): { position: string; failed: Failure[] } {
  const byId = new Map(sent.map((one) => [one.event.id, one.attempt]));
  const lastSent = entries.findLastIndex(({ events }) => events.some(({ id }) => byId.has(id)));
  const next = entries.findIndex(({ events }, index) => index > lastSent && events.length > 0);
  const failed = entries.slice(0, lastSent + 1).flatMap(({ position, events }) =>
    events.flatMap(({ id: eventId }): Failure[] => {
      const attempt = byId.get(eventId);
      if (attempt?.outcome === 'delivered') return [];
      if (!attempt) return [{ eventId, position, attempts: 0, delaySeconds: 0 }];
      return [{ eventId, position, attempts: 1, delaySeconds: secondsToNext(1) }];
    }),
  );
  return { position: next < 0 ? end : (entries[next - 1]?.position ?? start), failed };
}
