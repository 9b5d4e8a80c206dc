import { Injectable } from '@nestjs/common';
import { LEASE_SECONDS } from '../../../common/background/lifecycle.js';
import { Metrics } from '../../../common/metrics/metrics.js';
import { LONGEST_PAUSE_SECONDS } from '../../../common/outbound/attempt.js';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { sweep } from '../../../database/jobs/sweep.statements.js';
import { isTooFarAhead } from '../../../database/statements/too-far-ahead.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import { MOST_UNDELIVERED } from './webhook-kind.js';

const MINUTE = 60;
const HOUR = 3600;

/** Before each attempt but the first, in seconds (Standard Webhooks 1.0.0, "Retry schedule"). */
const DELAYS = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/** From the last of so many failed attempts to the next one; null: the event is given up. */
export const secondsToNext = (failures: number): number | null => DELAYS[failures - 1] ?? null;

/** The same in SQL, as an interval. */
const waitAfter = (failures: string): string =>
  `make_interval(secs => coalesce((array[${DELAYS.join()}])[${failures}], 0))`;

/** An event that has not arrived. */
type Undelivered = {
  readonly eventId: string;
  readonly position: string;
  /** That failed. */
  readonly attempts: number;
};
/** `claimedUntil`: as the row has it, unless another process has claimed it since, or somebody has asked for the event. */
type Claimed = { readonly claimedUntil: string };
export type DueDelivery = Undelivered & Claimed & { readonly webhookId: string; readonly orgId: string };

/** `delaySeconds`: until the next attempt; null: given up. */
export type Failure = Undelivered & { readonly delaySeconds: number | null };

const MOST_OF_A_WEBHOOK = 50;

/**
 * Those of each webhook that are due, so that no webhook waits for another. The next webhook is found by the index, not
 * by reading all rows of the one before. $1: webhooks to leave out; $2: of how many, which are not always the same.
 */
const CLAIM_DUE: Statement = named('webhook_deliveries_claim')`
  with recursive failing (id) as (
    (select webhook_id from webhook_deliveries where next_attempt_at is not null order by webhook_id limit 1)
    union all
    select (
      select webhook_id from webhook_deliveries
      where webhook_id > f.id and next_attempt_at is not null order by webhook_id limit 1)
    from failing f where f.id is not null),
  receivers as (
    select w.id, w.org_id from failing f join webhooks w on w.id = f.id
      join organizations o on o.id = w.org_id and not o.is_disabled
    where w.disabled_at is null and coalesce(w.paused_until <= now(), true) and w.id <> all($1::uuid[])
      and exists (select from webhook_deliveries d where d.webhook_id = w.id and d.next_attempt_at <= now())
    order by random() limit $2),
  due as (
    select r.org_id, d.webhook_id, d.event_id from receivers r cross join lateral (
      select webhook_id, event_id from webhook_deliveries
      where webhook_id = r.id and next_attempt_at <= now()
      order by next_attempt_at limit ${MOST_OF_A_WEBHOOK} for update skip locked) d)
  update webhook_deliveries d set next_attempt_at = now() + interval '${LEASE_SECONDS} seconds'
  from due where d.webhook_id = due.webhook_id and d.event_id = due.event_id
  returning d.webhook_id as "webhookId", due.org_id as "orgId", d.event_id as "eventId", d.position, d.attempts,
    d.next_attempt_at::text as "claimedUntil"`;

const IS_FULL: Statement = named('webhook_deliveries_are_full')`
  select count(*) = ${MOST_UNDELIVERED} as full
  from (select from webhook_deliveries where webhook_id = $1 limit ${MOST_UNDELIVERED}) d`;

const ROWS = `
  jsonb_to_recordset($2::jsonb) as n (
    "eventId" text, position bigint, attempts smallint, "delaySeconds" float8, "claimedUntil" timestamptz)`;
const NEXT = `now() + make_interval(secs => n."delaySeconds")`;

const INSERT_ROWS = `
  insert into webhook_deliveries (webhook_id, event_id, position, attempts, next_attempt_at)
  select $1, n."eventId", n.position, n.attempts, ${NEXT} from ${ROWS} order by n."eventId"
  on conflict (webhook_id, event_id)`;

/** An event that somebody has asked for meanwhile is sent as asked. */
const INSERT: Statement = { name: 'webhook_deliveries_insert', text: `${INSERT_ROWS} do nothing` };

const REQUEST: Statement = named('webhook_deliveries_request')`
  ${INSERT_ROWS} do update set attempts = 0, next_attempt_at = now()`;

const RESCHEDULE: Statement = named('webhook_deliveries_reschedule')`
  update webhook_deliveries d set next_attempt_at = ${NEXT}, attempts = n.attempts
  from ${ROWS} where d.webhook_id = $1 and d.event_id = n."eventId" and d.next_attempt_at = n."claimedUntil"
  returning d.next_attempt_at::text as "claimedUntil"`;

const REQUEST_ALL: Statement = named('webhook_deliveries_request_all')`
  update webhook_deliveries set attempts = 0, next_attempt_at = now()
  where webhook_id = $1 and event_id in (
    select event_id from webhook_deliveries where webhook_id = $1 limit $2)`;

const REMOVE: Statement = named('webhook_deliveries_remove')`
  delete from webhook_deliveries where webhook_id = $1 and event_id = any($2)`;

/** Pauses that are longer than any end. */
const BRING_FORWARD: Statement = named('webhook_deliveries_bring_forward')`
  with paused as (
    update webhooks set paused_until = null
    where ${isTooFarAhead('paused_until', `make_interval(secs => ${LONGEST_PAUSE_SECONDS})`)})
  update webhook_deliveries set next_attempt_at = now()
  where ${isTooFarAhead('next_attempt_at', waitAfter('attempts'))}`;

const GAUGES = {
  webhooks_undelivered_events: 'Events whose first attempt failed and that have not arrived, at most 100000',
  webhooks_oldest_undelivered_age_seconds: 'Age of the oldest event that an enabled webhook has not got yet',
};

/** Those that were given up, and those of disabled webhooks, do not count for the age: nothing is sent. */
const BACKLOG: Statement = named('webhook_deliveries_backlog')`
  select (select count(*)::int from (select from webhook_deliveries limit ${MOST_UNDELIVERED}) d)
      as webhooks_undelivered_events,
    coalesce((
      select greatest(0, extract(epoch from now() - d.created_at)) from webhook_deliveries d
        join webhooks w on w.id = d.webhook_id and w.disabled_at is null
      where d.next_attempt_at is not null order by d.created_at limit 1), 0)::float8
      as webhooks_oldest_undelivered_age_seconds`;

/** The events remain in the audit log, from which they can be sent. */
const OLD = sweep('webhook_deliveries', { key: 'ctid', time: 'created_at', daysLater: 30 });

/** Events that have not arrived. Writes are made with the webhook locked. */
@Injectable()
export class DeliveriesRepository {
  constructor(
    private readonly sql: Sql,
    removals: RemovalJob,
    metrics: Metrics,
  ) {
    metrics.addDatabaseGauges(GAUGES, () => this.sql.one<Record<keyof typeof GAUGES, number>>(BACKLOG, []));
    removals.addSweep('events that did not arrive at webhooks', OLD);
  }

  /** Of at most `most` webhooks. No other process claims these before the end of the lease, the same for all. */
  claimDue(except: readonly string[], most: number): Promise<DueDelivery[]> {
    return this.sql.rows<DueDelivery>(CLAIM_DUE, [except, most]);
  }

  async isFull(webhookId: string): Promise<boolean> {
    return (await this.sql.one<{ full: boolean }>(IS_FULL, [webhookId])).full;
  }

  async insert(webhookId: string, failures: readonly Failure[]): Promise<void> {
    if (failures.length > 0) await this.sql.affected(INSERT, [webhookId, JSON.stringify(failures)]);
  }

  /** Those that are still claimed by this process. Returns until when they are now, if that is the same for all. */
  async reschedule(webhookId: string, failures: readonly (Failure & Claimed)[]): Promise<string | undefined> {
    if (failures.length === 0) return;
    const rows = await this.sql.rows<Claimed>(RESCHEDULE, [webhookId, JSON.stringify(failures)]);
    return rows[0]?.claimedUntil;
  }

  async bringForward(): Promise<void> {
    await this.sql.affected(BRING_FORWARD, []);
  }

  async remove(webhookId: string, eventIds: readonly string[]): Promise<void> {
    if (eventIds.length > 0) await this.sql.affected(REMOVE, [webhookId, eventIds]);
  }

  /** Are sent at once, as if none of them had been attempted. Returns how many. */
  async request(
    webhookId: string,
    events: readonly Pick<Undelivered, 'eventId' | 'position'>[],
  ): Promise<number> {
    const rows = events.map((event) => ({ ...event, attempts: 0, delaySeconds: 0 }));
    return this.sql.affected(REQUEST, [webhookId, JSON.stringify(rows)]);
  }

  /** `request` for those that have not arrived; no more than `limit`. */
  async requestAll(webhookId: string, limit: number): Promise<number> {
    return this.sql.affected(REQUEST_ALL, [webhookId, limit]);
  }
}
