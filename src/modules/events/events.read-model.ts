import { Injectable } from '@nestjs/common';
import { entityColumns } from '../../database/statements/entity-columns.js';
import { Sql } from '../../database/transactions/sql.js';
import { AuditEntry } from '../audit/index.js';
import { entriesAfter } from './entries-after.statements.js';

const PAGE = {
  name: 'events_page',
  text: `select ${entityColumns(AuditEntry)} ${entriesAfter('$1', '$2', '$3')} limit $4`,
};

/** As `entriesAfter`, backwards. */
const START_OF_NEWEST = {
  name: 'events_start_of_newest',
  text: `
    select min(position) - 1 as start from (
      select position from audit_entries
      where (org_id, position) > ($1, 0) and (org_id, position) <= ($1, $2)
      order by org_id desc, position desc limit $3) as newest`,
};

const AT = {
  name: 'events_entries_at',
  text: `
    select ${entityColumns(AuditEntry)} from audit_entries where org_id = $1 and position = any($2::bigint[])`,
};

const BY_IDS = {
  name: 'events_entries_by_ids',
  text: `select ${entityColumns(AuditEntry)} from audit_entries where org_id = $1 and id = any($2::uuid[])`,
};

/** In the index `audit_entries_by_org`. Clients know times to the millisecond, so all of the last one belongs to it. */
const BETWEEN = {
  name: 'events_positions_between',
  text: `
    select position from audit_entries
    where org_id = $1 and created_at >= $2 and created_at < $3::timestamptz + interval '1 millisecond' and position <= $4
    order by created_at, id limit $5`,
};

/** Of all organizations; entries without one are in no list of events. */
const ORGS_BETWEEN = {
  name: 'events_orgs_between',
  text: `
    select distinct org_id as "orgId" from audit_entries
    where position > $1 and position <= $2 and org_id is not null`,
};

/** What retention has removed of an organization, and when the credential has last been recorded as a reader. */
const READER = {
  name: 'events_reader',
  text: `
    select (select through from audit_anchors where chain = $1) as removed,
      extract(epoch from now())::bigint::int8 as now, (
        select extract(epoch from max(created_at))::bigint from audit_entries
        where org_id = $1 and operation = 'get_audit_logs' and created_at > now() - interval '1 hour'
          and credential_id = $2 and details ->> 'event' = 'events') as "recordedAt"`,
};

const LOCK_READER = {
  name: 'events_lock_reader',
  text: `select pg_advisory_xact_lock(hashtextextended('events are read by ' || $1, 0))`,
};

type Reader = { readonly removed: string | null; readonly now: string; readonly recordedAt: string | null };

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

  /** Those of these positions that retention has not removed. */
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

  /** `recordedAt`: within the last hour, in seconds, as `now`. */
  async findReader(
    orgId: string,
    credentialId: string,
  ): Promise<{ removed: bigint; now: number; recordedAt: number | null }> {
    const { removed, now, recordedAt } = await this.sql.one<Reader>(READER, [orgId, credentialId]);
    return {
      removed: BigInt(removed ?? 0),
      now: Number(now),
      recordedAt: recordedAt === null ? null : Number(recordedAt),
    };
  }
}
