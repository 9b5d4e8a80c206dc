import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail, ReadingProofs } from '../audit/index.js';
import { EventsRemoved, InvalidEventCursor } from './errors.js';
import { type EventCursor, toEventCursor } from './event-cursor.js';
import { EventsReadModel } from './events.read-model.js';
import { type AuditEvent, eventsOf } from './from-entries/events-of.js';
import { Horizon } from './horizon.js';
import { WaitingRequests } from './waiting-requests.js';

export type EventQuery = {
  /** Null: from the oldest. */
  readonly after: EventCursor | 'now' | 'recent' | null;
  readonly types: ReadonlySet<string>;
  readonly limit: number;
};
export type PageOfEvents = {
  readonly events: readonly AuditEvent[];
  readonly next: EventCursor;
  /** Nothing more can be read now. */
  readonly isLast: boolean;
};

const HOUR_SECONDS = 3600;
const MOST_ENTRIES = 1000; // read for one page; a page of rare types may be empty before the horizon

/**
 * The events of an organization in order of position, up to the horizon: what is beyond may still get a neighbour with a
 * lower position. A client that follows `next` gets every event once.
 */
@Injectable()
export class ListEvents {
  constructor(
    private readonly horizon: Horizon,
    private readonly events: EventsReadModel,
    private readonly proofs: ReadingProofs,
    private readonly trail: AuditTrail,
    private readonly transaction: Transaction,
    private readonly waiting: WaitingRequests,
  ) {}

  /**
   * Waits for the first event, if there is none, for some seconds or until the client has left. The caller's rights are
   * confirmed after that.
   *
   * @throws as `list`, TooManyWaitingRequests, and the errors of `Principal.revalidate`
   */
  async listOrWait(
    reader: OrgPrincipal,
    query: EventQuery,
    { seconds, clientLeft }: { seconds: number; clientLeft: AbortSignal },
  ): Promise<PageOfEvents> {
    const page = await this.list(reader, query);
    if (page.events.length > 0 || !page.isLast || seconds === 0) return page;
    const end = performance.now() + seconds * 1000;
    return this.waiting.admit(reader.credential.id, async () => {
      let current = page;
      while (current.events.length === 0) {
        const limits = { ms: end - performance.now(), clientLeft };
        const seen = firstPosition(current.next) - 1n;
        if (!(await this.waiting.waitFor(reader.orgId, seen, limits))) break;
        current = await this.list(reader, { ...query, after: current.next });
      }
      await reader.revalidate();
      return current;
    });
  }

  /** @throws InvalidEventCursor, EventsRemoved */
  async list(reader: OrgPrincipal, { after, types, limit }: EventQuery): Promise<PageOfEvents> {
    const { horizon, written } = await this.horizon.observe();
    const start =
      after === 'recent'
        ? placeAfter(await this.events.findStartOfNewest(reader.orgId, horizon, MOST_ENTRIES))
        : startOf(after, horizon);
    if (start.position > written && start.position > horizon) throw new InvalidEventCursor();
    const page = await this.read(reader.orgId, start, horizon, { types, limit });
    // After the entries: what retention has not removed by now was among them.
    const { removed, now, recordedAt } = await this.events.findReader(reader.orgId, reader.credential.id);
    if (after !== null && firstPosition(start) <= removed) throw new EventsRemoved(String(removed));
    const recorded = this.provedTime(reader, start, now) ?? recordedAt ?? (await this.record(reader));
    return { ...page, next: this.withProof(reader, page.next, recorded) };
  }

  private async read(
    orgId: string,
    start: EventCursor,
    horizon: bigint,
    { types, limit }: Pick<EventQuery, 'types' | 'limit'>,
  ): Promise<PageOfEvents> {
    const range = { from: firstPosition(start), through: horizon, limit: MOST_ENTRIES };
    const entries = await this.events.listEntries(orgId, range);
    const events: AuditEvent[] = [];
    for (const entry of entries) {
      const position = BigInt(entry.position);
      const skipped = position === start.position ? (start.events ?? 0) : 0;
      for (const [index, event] of eventsOf(entry).entries()) {
        if (index < skipped || !types.has(event.type)) continue;
        if (events.length === limit)
          return { events, next: { position, events: index, recording: null }, isLast: false };
        events.push(event);
      }
    }
    const last = entries.length === MOST_ENTRIES ? BigInt(entries.at(-1)?.position ?? 0) : horizon;
    const position = last > start.position ? last : start.position;
    const isRead = entries.length > 0;
    const next = {
      position,
      events: isRead || position > start.position ? null : start.events,
      recording: null,
    };
    return { events, next, isLast: entries.length < MOST_ENTRIES };
  }

  /** When reading was recorded, by the cursor; null if that is too long ago, or not proved. */
  private provedTime(reader: OrgPrincipal, cursor: EventCursor, now: number): number | null {
    const { recording } = cursor;
    if (!recording || recording.recordedAt <= now - HOUR_SECONDS) return null;
    const facts = factsOf(cursor, recording.recordedAt);
    return this.proofs.isProofOfFacts(recording.proof, reader, facts) ? recording.recordedAt : null;
  }

  /** Once for requests at the same time, on all replicas. If it cannot be recorded, nothing is returned. */
  private record(reader: OrgPrincipal): Promise<number> {
    return this.transaction.run(async () => {
      await this.events.lockReader(reader.credential.id);
      const { now, recordedAt } = await this.events.findReader(reader.orgId, reader.credential.id);
      if (recordedAt !== null) return recordedAt;
      await this.trail.record(reader, 'get_audit_logs', [], { details: { event: 'events' } });
      return now;
    });
  }

  private withProof(reader: OrgPrincipal, next: EventCursor, recordedAt: number): EventCursor {
    const proof = this.proofs.proofOfFacts(reader, factsOf(next, recordedAt));
    return { ...next, recording: { recordedAt, proof } };
  }
}

/** Positions begin at 1. */
function startOf(after: EventCursor | 'now' | null, horizon: bigint): EventCursor {
  if (after === null) return placeAfter(0n);
  return after === 'now' ? placeAfter(horizon) : after;
}

/** Of the first entry of which events may follow. */
const firstPosition = ({ position, events }: EventCursor): bigint =>
  events === null ? position + 1n : position;

const placeAfter = (position: bigint): EventCursor => ({ position, events: null, recording: null });

const factsOf = (cursor: EventCursor, recordedAt: number): readonly unknown[] => [
  'events',
  toEventCursor({ ...cursor, recording: null }),
  recordedAt,
];
