import { named } from '../../database/transactions/sql.js';
import type { Statement } from '../../database/connection/statement-batch.js';

/** Writers wait for a replica that was heard of within this time. */
const COUNTED_SECONDS = 20;
/** Half of it, so that a replica without contact ends its lease long before writers stop waiting for it. */
const REGISTERED_SECONDS = 10;
/** A replica whose last reading is older does not rely on the log, which keeps changes for five times as long. */
export const LONGEST_GAP_SECONDS = 60;
const KEPT_SECONDS = 300;

/**
 * A condition: a replica other than $2 may not have applied every change that is visible in the snapshot. One without a
 * snapshot has registered and not read yet.
 */
const isUnseen = (snapshot: string) => `exists (
    select from access_cache_replicas r
    where r.id <> $2 and r.renewed_at > clock_timestamp() - interval '${COUNTED_SECONDS} seconds' and exists (
      select from access_changes c
      where c.xid >= coalesce(pg_snapshot_xmax(r.seen::pg_snapshot)::text::bigint, 0)
        and c.xid < pg_snapshot_xmax(${snapshot})::text::bigint
        and pg_visible_in_snapshot(c.xid::text::xid8, ${snapshot})
      union all
      select from access_changes c
      where c.xid in (select running::text::bigint from pg_snapshot_xip(r.seen::pg_snapshot) running)
        and pg_visible_in_snapshot(c.xid::text::xid8, ${snapshot})))`;

/**
 * The changes since the snapshot $1, in whatever order their transactions committed: those of transactions that had not
 * begun then, and of those that were running. All values are of one snapshot. Rows that `pg_dump` brought from another
 * server are left out, since this one has not used their numbers yet. $2: the replica.
 */
export const READ_CHANGES: Statement = named('access_cache_read_changes')`
  select pg_current_snapshot()::text as snapshot, extract(epoch from clock_timestamp())::float8 as "readAt",
    pg_postmaster_start_time()::text as server,
    not pg_is_in_recovery() and exists (
      select from access_cache_replicas
      where id = $2 and renewed_at > clock_timestamp() - interval '${REGISTERED_SECONDS} seconds'
    ) as "isRegistered",
    array(
      select subject_id from access_changes
      where xid >= pg_snapshot_xmax($1::pg_snapshot)::text::bigint
        and xid < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
      union all
      select subject_id from access_changes
      where xid in (select running::text::bigint from pg_snapshot_xip($1::pg_snapshot) running)) as "subjectIds",
    ${isUnseen('pg_current_snapshot()')} as "isUnseen"`;

export type ChangesRow = {
  /** A pg_snapshot. */
  readonly snapshot: string;
  /** Seconds since the Unix epoch. */
  readonly readAt: number;
  /** When the server was started. */
  readonly server: string;
  /** Whether writers wait for this replica; false also for a standby. */
  readonly isRegistered: boolean;
  readonly subjectIds: readonly string[];
  /** Whether another replica may not have applied all changes that are visible in the snapshot. */
  readonly isUnseen: boolean;
};

/** $1 the replica, $2 the snapshot whose changes it has applied, or null. */
export const REGISTER: Statement = named('access_cache_register')`
  insert into access_cache_replicas (id, seen, renewed_at) values ($1, $2, clock_timestamp())
  on conflict (id) do update set seen = excluded.seen, renewed_at = excluded.renewed_at`;

export const UNREGISTER: Statement = named('access_cache_unregister')`
  delete from access_cache_replicas where id = $1`;

/** For each snapshot of $1, in order, or the current one for null. */
export const FIND_UNSEEN: Statement = named('access_cache_find_unseen')`
  select coalesce(w.snapshot, pg_current_snapshot()::text) as snapshot,
    ${isUnseen('coalesce(w.snapshot::pg_snapshot, pg_current_snapshot())')} as "isUnseen"
  from unnest($1::text[]) with ordinality w (snapshot, position) order by w.position`;

export type UnseenRow = Pick<ChangesRow, 'snapshot' | 'isUnseen'>;

/** $1 when the last snapshot was taken, or null: `isDue` once all replicas that rely on the log have read it since. */
export const TAKE_SNAPSHOT: Statement = named('access_cache_take_snapshot')`
  select pg_current_snapshot()::text as snapshot, clock_timestamp() as "takenAt",
    coalesce($1::timestamptz < clock_timestamp() - interval '${KEPT_SECONDS} seconds', true) as "isDue"`;

/** What was visible in the snapshot $1. */
export const REMOVE_OLD_CHANGES: Statement = named('access_cache_remove_old_changes')`
  delete from access_changes
  where xid < pg_snapshot_xmax($1::pg_snapshot)::text::bigint
    and pg_visible_in_snapshot(xid::text::xid8, $1::pg_snapshot)`;

export const REMOVE_LOST_REPLICAS: Statement = named('access_cache_remove_lost_replicas')`
  delete from access_cache_replicas where renewed_at < clock_timestamp() - interval '1 minute'`;
