import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { sweep } from '../../../database/jobs/sweep.statements.js';
import { named, Sql } from '../../../database/transactions/sql.js';
import { SEALED } from './audit-seals.repository.js';

const DAYS = 30;
const RECENT_DAYS = 7;
const RECENT = 10;
/** Positions that one transaction counts. */
const BATCH = 20_000;

const TODAY = `(now() at time zone 'UTC')::date`;

const HAPPENINGS = `
  select 'sign_in' as kind, '' as reason, 1 as count
  where operation = 'login' and succeeded and details ->> 'event' is distinct from 'logout'
  union all
  select 'failed_sign_in', coalesce(details ->> 'refused_by', details ->> 'refusal', details ->> 'code', 'invalid_login'), 1
  where operation = 'login' and not succeeded
  union all
  select 'joined', '', (select count(*) from jsonb_object_keys(details -> 'org_members_added'))
  where succeeded and details ? 'org_members_added'
  union all
  select 'left', '', (select count(*) from jsonb_object_keys(details -> 'org_members_removed'))
  where succeeded and details ? 'org_members_removed'`;

/** Sealed entries only: no entry can appear among them any more, whichever replica has sealed them. */
const COUNT_BATCH = named('audit_counts_count_batch')`
  with since as (
    select coalesce((select through from audit_counted), 0) as position, ${SEALED} as sealed
  ), batch as (
    insert into audit_counted (is_only, through)
    select true, least(position + ${BATCH}, sealed) from since where position < sealed
    on conflict (is_only) do update set through = excluded.through
    returning through
  ), counted as (
    insert into audit_counts as c (org_id, day, kind, reason, count)
    select e.org_id, (e.created_at at time zone 'UTC')::date, h.kind, h.reason, sum(h.count)
    from since, batch, audit_entries e cross join lateral (${HAPPENINGS}) h
    where e.position > since.position and e.position <= batch.through and e.org_id is not null
      and e.created_at > now() - interval '${DAYS} days'
    group by 1, 2, 3, 4
    on conflict (org_id, day, kind, reason) do update set count = c.count + excluded.count
  )
  select through < sealed as "isBehind" from since, batch`;

const OF_DAYS = named('audit_counts_of_days')`
  select to_char(d.day, 'YYYY-MM-DD') as day,
    coalesce(sum(count) filter (where kind = 'sign_in'), 0)::int as "signIns",
    coalesce(sum(count) filter (where kind = 'failed_sign_in'), 0)::int as "failedSignIns",
    coalesce(sum(count) filter (where kind = 'joined'), 0)::int as joined,
    coalesce(sum(count) filter (where kind = 'left'), 0)::int as "left"
  from generate_series(${TODAY} - ${DAYS - 1}, ${TODAY}, interval '1 day') as d (day)
  left join audit_counts c on c.org_id = $1 and c.day = d.day
  group by d.day order by d.day`;

const FAILED_TODAY = named('audit_counts_failed_today')`
  select reason, count from audit_counts
  where org_id = $1 and day = ${TODAY} and kind = 'failed_sign_in' order by count desc, reason`;

const RECENTLY = named('audit_counts_recently')`
  with recent as (
    select e.created_at as time, h.kind, h.user_id, e.id from audit_entries e
    cross join lateral (
      select 'joined' as kind, jsonb_object_keys(details -> 'org_members_added')::uuid as user_id
      union all
      select 'left', jsonb_object_keys(details -> 'org_members_removed')::uuid) h
    where e.org_id = $1 and e.succeeded and e.details ?| '{org_members_added,org_members_removed}'
      and e.created_at > now() - interval '${RECENT_DAYS} days'
    order by e.created_at desc, e.id desc limit ${RECENT})
  select r.time, r.kind, r.user_id as "userId", n.name, n.email from recent r
  left join named_people($1, array(select user_id from recent)) n on n.id = r.user_id
  order by r.time desc, r.id desc, r.user_id`;

type Day = { day: string; signIns: number; failedSignIns: number; joined: number; left: number };
type Recent = {
  kind: 'joined' | 'left';
  time: Date;
  userId: string;
  name: string | null;
  email: string | null;
};

/** The audit log of an organization in numbers, of days of UTC (docs/decisions/0131-counts-follow-the-seals.md). */
@Injectable()
export class AuditCountsRepository implements OnModuleInit {
  constructor(
    private readonly sql: Sql,
    private readonly removals: RemovalJob,
  ) {}

  onModuleInit(): void {
    this.removals.addSweep(
      'counts of the audit log',
      sweep('audit_counts', { key: 'ctid', time: 'day', daysLater: DAYS + 1 }),
    );
  }

  /** Counts the next sealed entries, under the lock of the seals; false if none are left after them. */
  async countBatch(): Promise<boolean> {
    return (await this.sql.row<{ isBehind: boolean }>(COUNT_BATCH, []))?.isBehind ?? false;
  }

  /** The last 30, oldest first. */
  listDays(orgId: string): Promise<Day[]> {
    return this.sql.rows<Day>(OF_DAYS, [orgId]);
  }

  /** The most frequent reason first. */
  listFailedToday(orgId: string): Promise<{ reason: string; count: number }[]> {
    return this.sql.rows<{ reason: string; count: number }>(FAILED_TODAY, [orgId]);
  }

  /** Who came and left in the last seven days, at most ten, newest first; without a name if no one has it any more. */
  listRecent(orgId: string): Promise<Recent[]> {
    return this.sql.rows<Recent>(RECENTLY, [orgId]);
  }
}
