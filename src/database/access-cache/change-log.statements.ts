import type { Statement } from '../prepared-query.js';

/** Writers wait for a replica that was heard of within this time. */
const COUNTED_SECONDS = 20;
/** Half of it, so that a replica without contact ends its lease long before writers cease to wait for it. */
const REGISTERED_SECONDS = 10;
/** A replica whose last reading is older does not rely on the log, which keeps changes for five times as long. */
export const LONGEST_GAP_SECONDS = 60;
const KEPT_SECONDS = 300;

/**
 * The changes since the snapshot $1, in whatever order their transactions committed: those of transactions that had not
 * begun then, and of those that were running. All values are of one snapshot. Rows that `pg_dump` brought from another
 * server are left out, since this one has not used their numbers yet. $2: the replica.
 */
export const READ_CHANGES: Statement = {
  name: 'access_cache_read_changes',
  text: `
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
        where xid in (select running::text::bigint from pg_snapshot_xip($1::pg_snapshot) running)) as "subjectIds"`,
};

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
};

/** $1 the replica, $2 the snapshot whose changes it has applied, or null. */
export const REGISTER: Statement = {
  name: 'access_cache_register',
  text: `
    insert into access_cache_replicas (id, seen, renewed_at) values ($1, $2, clock_timestamp())
    on conflict (id) do update set seen = excluded.seen, renewed_at = excluded.renewed_at`,
};

export const UNREGISTER: Statement = {
  name: 'access_cache_unregister',
  text: 'delete from access_cache_replicas where id = $1',
};

/** For each transaction of $1, in order: whether a replica other than $2 may not have applied its changes yet. */
export const FIND_UNSEEN: Statement = {
  name: 'access_cache_find_unseen',
  text: `
    select exists (
      select from access_cache_replicas
      where id <> $2 and renewed_at > clock_timestamp() - interval '${COUNTED_SECONDS} seconds'
        and (seen is null or not pg_visible_in_snapshot(w.xid, seen::pg_snapshot))) as "isUnseen"
    from unnest($1::xid8[]) with ordinality w (xid, position) order by w.position`,
};

/** The transactions whose changes a replica may not have applied yet. */
export const FIND_UNSEEN_CHANGES: Statement = {
  name: 'access_cache_find_unseen_changes',
  text: `
    select distinct c.xid::text as xid
    from access_cache_replicas r
    cross join lateral (
      select xid from access_changes
      where xid >= pg_snapshot_xmin(r.seen::pg_snapshot)::text::bigint
        and not pg_visible_in_snapshot(xid::text::xid8, r.seen::pg_snapshot)
      union all
      select max(xid) from access_changes where r.seen is null) c
    where r.renewed_at > clock_timestamp() - interval '${COUNTED_SECONDS} seconds' and c.xid is not null`,
};

/** $1 when the last snapshot was taken, or null: `isDue` once all replicas that rely on the log have read it since. */
export const TAKE_SNAPSHOT: Statement = {
  name: 'access_cache_take_snapshot',
  text: `
    select pg_current_snapshot()::text as snapshot, clock_timestamp() as "takenAt",
      coalesce($1::timestamptz < clock_timestamp() - interval '${KEPT_SECONDS} seconds', true) as "isDue"`,
};

/** What was visible in the snapshot $1. */
export const REMOVE_OLD_CHANGES: Statement = {
  name: 'access_cache_remove_old_changes',
  text: `
    delete from access_changes
    where xid < pg_snapshot_xmax($1::pg_snapshot)::text::bigint
      and pg_visible_in_snapshot(xid::text::xid8, $1::pg_snapshot)`,
};

export const REMOVE_LOST_REPLICAS: Statement = {
  name: 'access_cache_remove_lost_replicas',
  text: `delete from access_cache_replicas where renewed_at < clock_timestamp() - interval '1 minute'`,
};
