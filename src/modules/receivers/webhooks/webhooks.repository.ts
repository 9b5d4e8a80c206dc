import { Injectable } from '@nestjs/common';
import type { ListPage } from '../../../common/lists/cursor-list.js';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { type Sweep, sweep } from '../../../database/jobs/sweep.statements.js';
import { newId } from '../../../database/statements/new-id.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import type { WebhookAttempt } from '../core/entities.js';
import type { Sent } from './send-events.js';
import type { NewSecret } from './webhook-secrets.js';

/** `failures`: how many attempts of the event had failed before; -1: a test. */
export type MadeAttempt = Sent & { readonly failures: number };

/** `key`: `attempted_at` in UTC with microseconds. */
export type ListedAttempt = WebhookAttempt & { readonly key: string; readonly nextAttemptAt: Date | null };

export type AttemptFilter = { readonly eventId: string | null; readonly failed: boolean | null };

const ROTATE: Statement = named('webhooks_rotate')`
  update webhooks set secret = $2, public_key = $3, updated_at = now(),
    previous_secret = case when $4::int > 0 then secret end,
    previous_secret_expires_at = case when $4::int > 0 then now() + make_interval(hours => $4::int) end
  where id = $1`;

const PAUSE: Statement = named('webhooks_pause')`
  update webhooks set paused_until = now() + make_interval(secs => $2) where id = $1`;

const AT_ONCE = 100;

/** Those that no longer sign. Skips webhooks that are being written. */
const OLD_SECRETS: Sweep = {
  name: 'webhooks_forget_secrets',
  text: `
    update webhooks set previous_secret = null, previous_secret_expires_at = null where id in (
      select id from webhooks where previous_secret_expires_at < now() limit ${AT_ONCE}
      for no key update skip locked)`,
  limit: AT_ONCE,
};

const MOST_KEPT = 1000;

const INSERT_ATTEMPTS: Statement = named('webhook_attempts_insert')`
  insert into webhook_attempts
    (id, webhook_id, event_id, event_type, attempt, attempted_at, duration_ms, succeeded, status, code, response)
  select n.id, $1, n."eventId", n."eventType", n.attempt, n."attemptedAt", n."durationMs", n.succeeded, n.status, n.code,
    n.response
  from jsonb_to_recordset($2::jsonb) as n (id uuid, "eventId" text, "eventType" text, attempt smallint,
    "attemptedAt" timestamptz, "durationMs" int, succeeded boolean, status text, code text, response text)`;

const TRIM_ATTEMPTS: Statement = named('webhook_attempts_trim')`
  delete from webhook_attempts where webhook_id = $1 and (attempted_at, id) <= (
    select attempted_at, id from webhook_attempts where webhook_id = $1
    order by attempted_at desc, id desc offset ${MOST_KEPT} limit 1)`;

const LIST_ATTEMPTS: Statement = named('webhook_attempts_list')`
  select a.id, a.webhook_id as "webhookId", a.event_id as "eventId", a.event_type as "eventType", a.attempt,
    a.attempted_at as "attemptedAt", a.duration_ms as "durationMs", a.succeeded, a.status, a.code, a.response,
    to_char(a.attempted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as key,
    case when w.disabled_at is null and d.next_attempt_at is not null
      then greatest(d.next_attempt_at, w.paused_until) end as "nextAttemptAt"
  from webhook_attempts a
    join webhooks w on w.id = a.webhook_id
    left join webhook_deliveries d on d.webhook_id = a.webhook_id and d.event_id = a.event_id
  where a.webhook_id = $1 and ($2::text is null or a.event_id = $2) and ($3::boolean is null or a.succeeded <> $3)
    and ($4::timestamptz is null or (a.attempted_at, a.id) < ($4, $5::uuid))
  order by a.attempted_at desc, a.id desc limit $6`;

const OLD_ATTEMPTS = sweep('webhook_attempts', { key: 'id', time: 'attempted_at', daysLater: 7 });

/** What webhooks have beside other receivers: secrets, pauses, and the last attempts. */
@Injectable()
export class WebhooksRepository {
  constructor(
    private readonly sql: Sql,
    removals: RemovalJob,
  ) {
    removals.addSweep('attempts of webhooks', OLD_ATTEMPTS);
    removals.addSweep('previous secrets of webhooks', OLD_SECRETS);
  }

  async rotate(id: string, { stored, publicKey }: NewSecret, overlapHours: number): Promise<void> {
    await this.sql.affected(ROTATE, [id, stored, publicKey, overlapHours]);
  }

  /** The receiver wants no requests so long. */
  async pause(id: string, seconds: number): Promise<void> {
    await this.sql.affected(PAUSE, [id, seconds]);
  }

  /** Keeps the last 1,000. */
  async insertAttempts(webhookId: string, made: readonly MadeAttempt[]): Promise<void> {
    if (made.length === 0) return;
    await this.sql.affected(INSERT_ATTEMPTS, [webhookId, JSON.stringify(made.map(toRow))]);
    await this.sql.affected(TRIM_ATTEMPTS, [webhookId]);
  }

  /** Newest first. */
  listAttempts(
    webhookId: string,
    { eventId, failed }: AttemptFilter,
    { after, limit }: ListPage,
  ): Promise<ListedAttempt[]> {
    const values = [webhookId, eventId, failed, after?.key ?? null, after?.id ?? null, limit];
    return this.sql.rows<ListedAttempt>(LIST_ATTEMPTS, values);
  }
}

const toRow = ({
  event,
  attempt,
  attemptedAt,
  failures,
}: MadeAttempt): Omit<WebhookAttempt, 'webhookId'> => ({
  id: newId(),
  eventId: event.id,
  eventType: event.type,
  attempt: failures + 1,
  attemptedAt,
  durationMs: attempt.durationMs,
  succeeded: attempt.outcome === 'delivered',
  status: attempt.status,
  code: attempt.code,
  response: attempt.response,
});
