import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { type AuditEntry, AuditTrail, ReadingProofs } from '../audit/index.js';
import { CursorGone, EventsRemoved, InvalidEventCursor } from './errors.js';
import { type EventCursor, toEventCursor } from './event-cursor.js';
import { EventsReadModel } from './events.read-model.js';
import { type AuditEvent, eventsOf } from './from-entries/events-of.js';
import { type EntryAt, Horizon } from './horizon.js';
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
  /** The last position that was read, in any organization. */
  readonly through: bigint;
  /** Nothing more can be read now. */
  readonly isLast: boolean;
};

const HOUR_SECONDS = 3600;
/** The clocks of servers and database may differ by less. */
const BACK_MS = 600_000;
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
    return this.waiting.admit(reader, async () => {
      let current = page;
      while (current.events.length === 0) {
        const limits = { ms: end - performance.now(), clientLeft };
        if (!(await this.waiting.waitFor(reader.orgId, current.through, limits))) break;
        current = await this.list(reader, { ...query, after: current.next });
      }
      await reader.revalidate();
      return current;
    });
  }

  /** @throws InvalidEventCursor, CursorGone, EventsRemoved */
  async list(reader: OrgPrincipal, query: EventQuery): Promise<PageOfEvents> {
    const { orgId, credential } = reader;
    const { after } = query;
    const { horizon, written } = await this.horizon.observe();
    const start = await this.findStart(orgId, after, horizon.position);
    const isNamed = start.entryId !== null;
    if (!isNamed && start.position > max(written, horizon.position)) throw new InvalidEventCursor();
    const page = await this.read(orgId, start, horizon.position, query);
    // After the entries: what retention has not removed by now was among them, and the horizon was theirs.
    const known = { cursor: start, horizon };
    const state = await this.events.findReader(orgId, credential.id, known);
    const { removed, hasCursor, hasHorizon, now } = state;
    if (!hasHorizon) return this.list(reader, query);
    if (after !== null && firstPosition(start) <= removed) throw new EventsRemoved(String(removed));
    if (isNamed && !hasCursor && start.position > removed)
      throw new CursorGone(String(max(removed, await this.findAgreed(orgId, start, horizon.position))));
    const recordedAt = this.provedTime(reader, start, now) ?? state.recordedAt;
    const next = page.next ?? placeAfter(removed);
    return { ...page, next: this.withProof(reader, next, recordedAt ?? (await this.record(reader, known))) };
  }

  /** Positions begin at 1. */
  private async findStart(orgId: string, after: EventQuery['after'], horizon: bigint): Promise<EventCursor> {
    if (after === null) return placeAfter(0n);
    if (after === 'now') return placeAfter(horizon);
    if (after !== 'recent') return after;
    return placeAfter(await this.events.findStartOfNewest(orgId, horizon, MOST_ENTRIES));
  }

  /** A position before everything that was written since shortly before the entry of a cursor, by the time in its id. */
  private async findAgreed(orgId: string, { entryId }: EventCursor, horizon: bigint): Promise<bigint> {
    const [, time = '0'] = /^([\da-f]{12})7/.exec(entryId ?? '') ?? []; // RFC 9562, section 5.7
    return this.events.findLastUntil(orgId, new Date(Number.parseInt(time, 16) - BACK_MS), horizon);
  }

  /** `next` null: the organization has no entries. */
  private async read(
    orgId: string,
    start: EventCursor,
    horizon: bigint,
    { types, limit }: EventQuery,
  ): Promise<Omit<PageOfEvents, 'next'> & { next: EventCursor | null }> {
    const range = { from: firstPosition(start), through: horizon, limit: MOST_ENTRIES };
    const entries = await this.events.listEntries(orgId, range);
    const events: AuditEvent[] = [];
    for (const entry of entries) {
      const position = BigInt(entry.position);
      const skipped = position === start.position ? (start.events ?? 0) : 0;
      for (const [index, event] of eventsOf(entry).entries()) {
        if (index < skipped || !types.has(event.type)) continue;
        if (events.length === limit)
          return { events, next: { ...placeOf(entry), events: index }, through: position, isLast: false };
        events.push(event);
      }
    }
    const isLast = entries.length < MOST_ENTRIES;
    const through = max(start.position, horizon);
    const isPlace = start.entryId !== null || start.events !== null;
    const last = entries.at(-1) ?? (isPlace ? null : await this.events.findNewest(orgId, through));
    const next = last ? placeOf(last) : isPlace ? start : null;
    return { events, next, through: isLast || !next ? through : next.position, isLast };
  }

  /** When reading was recorded, by the cursor; null if that is too long ago, or not proved. */
  private provedTime(reader: OrgPrincipal, cursor: EventCursor, now: number): number | null {
    const { recording } = cursor;
    if (!recording || recording.recordedAt <= now - HOUR_SECONDS) return null;
    const facts = factsOf(cursor, recording.recordedAt);
    return this.proofs.isProofOfFacts(recording.proof, reader, facts) ? recording.recordedAt : null;
  }

  /** Records once for simultaneous requests on all replicas. If it cannot be recorded, nothing is returned. */
  private record(reader: OrgPrincipal, known: { cursor: EventCursor; horizon: EntryAt }): Promise<number> {
    const { orgId, credential } = reader;
    return this.transaction.run(async () => {
      await this.events.lockReader(credential.id);
      const { now, recordedAt } = await this.events.findReader(orgId, credential.id, known);
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

/** The position of the first entry with events that may follow. */
const firstPosition = ({ position, events }: EventCursor): bigint =>
  events === null ? position + 1n : position;

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

const WHOLE_ENTRY = { events: null, entryId: null, recording: null };
const placeAfter = (position: bigint): EventCursor => ({ ...WHOLE_ENTRY, position });
const placeOf = ({ position, id }: AuditEntry): EventCursor => ({
  ...placeAfter(BigInt(position)),
  entryId: id.replaceAll('-', ''),
});

const factsOf = (cursor: EventCursor, recordedAt: number): readonly unknown[] => [
  'events',
  toEventCursor({ ...cursor, recording: null }),
  recordedAt,
  ...(cursor.entryId === null ? [] : [cursor.entryId]),
];
