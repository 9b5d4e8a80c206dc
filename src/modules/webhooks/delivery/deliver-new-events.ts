import { Injectable } from '@nestjs/common';
import { whileRenewing } from '../../../common/background/lease.js';
import {
  type AuditEvent,
  eventsOf,
  EventsReadModel,
  type LogClaim,
  LogCursorsRepository,
  toEvent,
} from '../../events/index.js';
import { type Receiver, WebhooksRepository } from '../core/webhooks.repository.js';
import { DeliveriesRepository, type Failure } from './deliveries.repository.js';
import { RecordAttempts } from './record-attempts.js';
import { secondsToNext } from './retry-schedule.js';
import { hasArrived, type Sent, SendEvents, wantedBy } from './send-events.js';

/** `position`: of the entry. */
type EntryEvents = { readonly position: string; readonly events: readonly AuditEvent[] };

const MOST_ENTRIES = 200;
const MOST_EVENTS = 200; // or those of one entry
/** While nothing arrives: the next events wait in the log, and do not become rows. */
const FAILING_PAUSE_SECONDS = 5;
const FULL_PAUSE_SECONDS = 60;
/** At the end of the log: what happens meanwhile is sent together, which costs the database less. */
const COLLECTING_SECONDS = 0.4;

/** Sends the events that follow the cursor of a webhook, once each. */
@Injectable()
export class DeliverNewEvents {
  constructor(
    private readonly cursors: LogCursorsRepository,
    private readonly webhooks: WebhooksRepository,
    private readonly events: EventsReadModel,
    private readonly deliveries: DeliveriesRepository,
    private readonly sender: SendEvents,
    private readonly recording: RecordAttempts,
  ) {}

  /** True: more can be sent at once. */
  async run(claim: LogClaim): Promise<boolean> {
    const receiver = await this.webhooks.findReceiver(claim.orgId, claim.id);
    if (!receiver?.isEnabled) return false; // its cursor was placed or deleted since
    const wait = (await this.deliveries.isFull(claim.id)) ? FULL_PAUSE_SECONDS : receiver.pausedSeconds;
    if (wait > 0) {
      await this.cursors.move(claim, claim.position, wait);
      return false;
    }
    const { entries, end } = await this.read(receiver, claim);
    const events = entries.flatMap((entry) => entry.events.map(toEvent));
    const renew = () => this.cursors.renew(claim);
    const sent = await whileRenewing(renew, () => this.sender.send(receiver, events));
    const isFailing = events.length > 0 && !sent.some(hasArrived);
    const isAtEnd = end === String(claim.horizon.position);
    const pause = Math.max(isFailing ? FAILING_PAUSE_SECONDS : 0, isAtEnd ? COLLECTING_SECONDS : 0);
    const { position, failed } = outcomeOf(entries, sent, { start: claim.position, end });
    await this.recording.record(
      receiver,
      sent.map((one) => ({ ...one, failures: 0 })),
      async () => {
        if (!(await this.cursors.move(claim, position, pause))) return false;
        await this.deliveries.insert(claim.id, failed);
        return true;
      },
    );
    return pause === 0;
  }

  /** `end`: where the cursor is when all of them are dealt with. */
  private async read(receiver: Receiver, { orgId, position, horizon }: LogClaim) {
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
