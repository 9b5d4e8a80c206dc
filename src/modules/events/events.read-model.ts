import { Injectable } from '@nestjs/common';
import { entityColumns } from '../../database/statements/entity-columns.js';
import { named, Sql } from '../../database/transactions/sql.js';
import { AuditEntry } from '../audit/index.js';
import type { EventCursor } from './event-cursor.js';
import type { EntryAt } from './horizon.js';

/**
 * Whether an entry that was read is still there, or retention has removed it. If not, the database has gone back to an earlier
 * state, and gives its position to another entry (docs/contract/events.md#order-and-cursors).
 */
export const isStillThere = (position: string, id: string): string => `(
  exists (select from audit_entries where position = ${position} and id = ${id})
  or exists (select from audit_anchors where through >= ${position}))`;

const LAST = '9223372036854775807';

/**
 * `from` and the rest of a statement: the entries `e` of an organization after a position, in order. They are compared
 * as pairs, so that PostgreSQL uses the index `audit_entries_by_chain` and does not read the entries of all
 * organizations.
 *
 * @param organization, position, through expressions in SQL
 */
export const entriesAfter = (organization: string, position: string, through = LAST): string => `
  from audit_entries e
  where (e.org_id, e.position) > (${organization}, ${position}) and (e.org_id, e.position) <= (${organization}, ${through})
  order by e.org_id, e.position`;

const PAGE = named('events_page')`
  select ${entityColumns(AuditEntry)} ${entriesAfter('$1', '$2', '$3')} limit $4`;

/** As `entriesAfter`, backwards. */
const START_OF_NEWEST = named('events_start_of_newest')`
  select min(position) - 1 as start from (
    select position from audit_entries
    where (org_id, position) > ($1, 0) and (org_id, position) <= ($1, $2)
    order by org_id desc, position desc limit $3) as newest`;

/** Uses the index `audit_entries_by_org`. $3: through. */
const OLDER = named('events_last_older_entry')`
  select position from audit_entries where org_id = $1 and created_at <= $2 and position <= $3
  order by created_at desc, id desc limit 1`;

const AT = named('events_entries_at')`
  select ${entityColumns(AuditEntry)} from audit_entries where org_id = $1 and position = any($2::bigint[])`;

const BY_IDS = named('events_entries_by_ids')`
  select ${entityColumns(AuditEntry)} from audit_entries where org_id = $1 and id = any($2::uuid[])`;

/** Uses the index `audit_entries_by_org`. Clients know times to the millisecond, so the whole last millisecond is included. */
const BETWEEN = named('events_positions_between')`
  select position from audit_entries
  where org_id = $1 and created_at >= $2 and created_at < $3::timestamptz + interval '1 millisecond' and position <= $4
  order by created_at, id limit $5`;

/** In all organizations; entries without an organization are in no list of events. */
const ORGS_BETWEEN = named('events_orgs_between')`
  select distinct org_id as "orgId" from audit_entries
  where position > $1 and position <= $2 and org_id is not null`;

/**
 * How far retention has removed entries of an organization, and when the credential was last recorded as a reader. $3,
 * $4: the cursor; $5, $6: the horizon.
 */
const READER = named('events_reader')`
  select coalesce((select through from audit_anchors where chain = $1), 0) as removed,
    exists (select from audit_entries where org_id = $1 and position = $3 and id = $4) as "hasCursor",
    $6::uuid is null or ${isStillThere('$5', '$6')} as "hasHorizon",
    extract(epoch from now())::bigint::float8 as now, (
      select extract(epoch from max(created_at))::bigint::float8 from audit_entries
      where org_id = $1 and operation = 'get_audit_logs' and created_at > now() - interval '1 hour'
        and credential_id = $2 and details ->> 'event' = 'events') as "recordedAt"`;

const LOCK_READER = named('events_lock_reader')`
  select pg_advisory_xact_lock(hashtextextended('events are read by ' || $1, 0))`;

type Reader = {
  readonly removed: bigint;
  /** Whether the entries of cursor and horizon are still there; of the horizon, also if retention has removed it. */
  readonly hasCursor: boolean;
  readonly hasHorizon: boolean;
  readonly now: number;
  /** Within the last hour, in seconds, as `now`. */
  readonly recordedAt: number | null;
};

type ReaderRow = Omit<Reader, 'removed'> & { readonly removed: string };

@Injectable()
export class EventsReadModel {
  constructor(private readonly sql: Sql) {}

  /** From this position up to and including `through`, in order. */
  listEntries(
    orgId: string,
    { from, through, limit }: { from: bigint; through: bigint; limit: number },
  ): Promise<AuditEntry[]> {
    return this.sql.rows<AuditEntry>(PAGE, [orgId, String(from - 1n), String(through), limit]);
  }

  /** After which the newest `count` entries up to and including `through` follow; `through` if there is none. */
  async findStartOfNewest(orgId: string, through: bigint, count: number): Promise<bigint> {
    const values = [orgId, String(through), count];
    const { start } = await this.sql.one<{ start: string | null }>(START_OF_NEWEST, values);
    return start === null ? through : BigInt(start);
  }

  /** Up to and including `through`. */
  async findNewest(orgId: string, through: bigint): Promise<AuditEntry | undefined> {
    const from = (await this.findStartOfNewest(orgId, through, 1)) + 1n;
    return (await this.listEntries(orgId, { from, through, limit: 1 }))[0];
  }

  /** The position of the last entry until `time`, up to and including `through`; 0 if there is none. */
  async findLastUntil(orgId: string, time: Date, through: bigint): Promise<bigint> {
    const row = await this.sql.row<{ position: string }>(OLDER, [orgId, time, String(through)]);
    return BigInt(row?.position ?? 0);
  }

  /** The entries at these positions that retention has not removed. */
  findEntries(orgId: string, positions: readonly string[]): Promise<AuditEntry[]> {
    return this.sql.rows<AuditEntry>(AT, [orgId, positions]);
  }

  findEntriesByIds(orgId: string, ids: readonly string[]): Promise<AuditEntry[]> {
    return this.sql.rows<AuditEntry>(BY_IDS, [orgId, ids]);
  }

  /** From `from` on, before `to`, up to and including the position `through`. */
  async listPositionsBetween(
    orgId: string,
    { from, to, through, limit }: { from: Date; to: Date; through: bigint; limit: number },
  ): Promise<string[]> {
    const rows = await this.sql.rows<AuditEntry>(BETWEEN, [orgId, from, to, String(through), limit]);
    return rows.map(({ position }) => position);
  }

  /** With entries after `after` up to and including `through`. */
  async listOrgsBetween(after: bigint, through: bigint): Promise<Set<string>> {
    const rows = await this.sql.rows<{ orgId: string }>(ORGS_BETWEEN, [String(after), String(through)]);
    return new Set(rows.map(({ orgId }) => orgId));
  }

  /** Until the transaction ends. */
  async lockReader(credentialId: string): Promise<void> {
    await this.sql.rows(LOCK_READER, [credentialId]);
  }

  async findReader(
    orgId: string,
    credentialId: string,
    { cursor, horizon }: { cursor: EventCursor; horizon: EntryAt },
  ): Promise<Reader> {
    const places = [String(cursor.position), cursor.entryId, String(horizon.position), horizon.id];
    const reader = await this.sql.one<ReaderRow>(READER, [orgId, credentialId, ...places]);
    return { ...reader, removed: BigInt(reader.removed) };
  }
}
