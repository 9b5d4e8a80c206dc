import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import type { Sweep } from '../../../database/jobs/sweep.statements.js';
import { entityColumns } from '../../../database/statements/entity-columns.js';
import { isTooFarAhead } from '../../../database/statements/too-far-ahead.js';
import { Sql, type Statement } from '../../../database/transactions/sql.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { entriesAfter, type EntryAt, LogCursorsRepository } from '../../events/index.js';
import { Webhook } from './entities.js';

/** In the list: with what became of its events. */
export type ListedWebhook = Webhook & {
  /** Of the previous secret, while it signs. */
  readonly overlapEndsAt: Date | null;
  /** Of a pause that lasts. */
  readonly pauseEndsAt: Date | null;
  readonly undelivered: number;
  readonly lagSeconds: number;
  /** When it is disabled: the time of the first entry that was not dealt with. */
  readonly missedSince: Date | null;
  readonly lastAttempt: {
    readonly at: string;
    readonly status: string | null;
    readonly code: string | null;
  } | null;
};

/**
 * What sending needs. `now`: of the database, in seconds. `pausedSeconds`: how long the receiver still wants no requests.
 * `previousSecret`: null once it has expired.
 */
export type Receiver = Pick<Webhook, 'id' | 'orgId' | 'url' | 'types' | 'secret' | 'previousSecret'> & {
  readonly isEnabled: boolean;
  readonly pausedSeconds: number;
  readonly now: number;
};

export type NewWebhook = Pick<
  Webhook,
  | 'id'
  | 'orgId'
  | 'url'
  | 'description'
  | 'types'
  | 'secret'
  | 'publicKey'
  | 'createdByUserId'
  | 'createdWithKind'
  | 'createdWithId'
  | 'creatorKeyId'
>;

/** Absent: unchanged. */
export type WebhookChanges = Partial<Pick<Webhook, 'url' | 'description' | 'types' | 'disabledReason'>>;

const MOST_UNDELIVERED = 100_000;

/** Newest first. $2: one webhook, or null; $3: those before, or null. */
const LIST: Statement = {
  name: 'webhooks_list',
  text: `
    select w.*, case when w."previousSecretExpiresAt" > now() then w."previousSecretExpiresAt" end as "overlapEndsAt",
      case when w."disabledAt" is null and w."pausedUntil" > now() then w."pausedUntil" end as "pauseEndsAt",
      (select count(*)::int from (
        select from webhook_deliveries d where d.webhook_id = w.id limit ${MOST_UNDELIVERED}) d) as undelivered,
      case when w."disabledAt" is null then coalesce(greatest(0, extract(epoch from now() - next.created_at))::int, 0)
        else 0 end as "lagSeconds",
      case when w."disabledAt" is not null then least(w."disabledAt", next.created_at) end as "missedSince",
      (select jsonb_build_object('at', a.attempted_at, 'status', a.status, 'code', a.code)
        from webhook_attempts a where a.webhook_id = w.id
        order by a.attempted_at desc, a.id desc limit 1) as "lastAttempt"
    from (
      select ${entityColumns(Webhook)} from webhooks
      where org_id = $1 and ($2::uuid is null or id = $2) and ($3::uuid is null or id < $3)
      order by id desc limit $4) w
      left join log_cursors c on c.id = w.id
      left join lateral (select e.created_at ${entriesAfter('c.org_id', 'c.position')} limit 1) next on true
    order by w.id desc`,
};

/** Before its rows in other tables, so that two transactions lock them in the same order. */
const LOCK: Statement = {
  name: 'webhooks_lock',
  text: `select ${entityColumns(Webhook)} from webhooks where org_id = $1 and id = $2 for no key update`,
};

const LOCK_ALL: Statement = {
  name: 'webhooks_lock_all',
  text: 'select id from webhooks where org_id = $1 and id = any($2) order by id for update',
};

const RECEIVER: Statement = {
  name: 'webhooks_receiver',
  text: `
    select id, org_id as "orgId", url, types, secret, disabled_at is null as "isEnabled",
      case when previous_secret_expires_at > now() then previous_secret end as "previousSecret",
      coalesce(greatest(0, extract(epoch from paused_until - now())), 0)::float8 as "pausedSeconds",
      extract(epoch from now())::float8 as now
    from webhooks where org_id = $1 and id = $2`,
};

/** Those whose cursors are due too late. */
export const LATE_WEBHOOKS: Statement = {
  name: 'webhooks_late',
  text: `
    select w.id from webhooks w join log_cursors c on c.id = w.id
    where ${isTooFarAhead('c.due_at', `greatest(w.paused_until - now(), interval '0')`)}`,
};

const COUNT: Statement = {
  name: 'webhooks_count',
  text: 'select count(*)::int as count from webhooks where org_id = $1',
};

const ROTATE: Statement = {
  name: 'webhooks_rotate',
  text: `
    update webhooks set secret = $2, public_key = $3, updated_at = now(),
      previous_secret = case when $4::int > 0 then secret end,
      previous_secret_expires_at = case when $4::int > 0 then now() + make_interval(hours => $4::int) end
    where id = $1`,
};

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

@Injectable()
export class WebhooksRepository {
  constructor(
    private readonly sql: Sql,
    private readonly transaction: Transaction,
    private readonly cursors: LogCursorsRepository,
    removals: RemovalJob,
  ) {
    removals.addSweep('previous secrets of webhooks', OLD_SECRETS);
  }

  private get rows() {
    return this.transaction.manager.getRepository(Webhook);
  }

  list(orgId: string, { before, limit }: { before: string | null; limit: number }): Promise<ListedWebhook[]> {
    return this.sql.rows<ListedWebhook>(LIST, [orgId, null, before, limit]);
  }

  find(orgId: string, id: string): Promise<ListedWebhook | null> {
    return this.sql.row<ListedWebhook>(LIST, [orgId, id, null, 1]);
  }

  findReceiver(orgId: string, id: string): Promise<Receiver | null> {
    return this.sql.row<Receiver>(RECEIVER, [orgId, id]);
  }

  /** In the open transaction, until it ends. */
  lock(orgId: string, id: string): Promise<Webhook | null> {
    return this.sql.row<Webhook>(LOCK, [orgId, id]);
  }

  async count(orgId: string): Promise<number> {
    return (await this.sql.one<{ count: number }>(COUNT, [orgId])).count;
  }

  /** What follows the horizon is sent. */
  async insert(webhook: NewWebhook, horizon: EntryAt): Promise<void> {
    await this.rows.insert(webhook);
    await this.cursors.insert(webhook.id, 'webhook', webhook.orgId, horizon);
  }

  /** A change ends the pause for which the receiver has asked. @param start once it is enabled */
  async update(
    webhook: Pick<Webhook, 'id' | 'disabledAt' | 'pausedUntil'>,
    { disabledReason, ...changes }: WebhookChanges,
    start: EntryAt | null,
  ): Promise<void> {
    const { id } = webhook;
    const isSwitched = disabledReason !== undefined;
    const isEnabled = isSwitched ? disabledReason === null : webhook.disabledAt === null;
    if (isSwitched || webhook.pausedUntil)
      await this.cursors.place(id, isSwitched && isEnabled ? start : null, isEnabled);
    const disabled = isSwitched ? { disabledReason, disabledAt: isEnabled ? null : () => 'now()' } : {};
    await this.rows.update({ id }, { ...changes, ...disabled, pausedUntil: null, updatedAt: () => 'now()' });
  }

  async rotate(
    id: string,
    { stored, publicKey }: { stored: string; publicKey: string },
    overlapHours: number,
  ): Promise<void> {
    await this.sql.affected(ROTATE, [id, stored, publicKey, overlapHours]);
  }

  async remove(orgId: string, ids: readonly string[]): Promise<void> {
    await this.sql.rows(LOCK_ALL, [orgId, ids]);
    await this.cursors.delete(ids);
    await this.rows.delete({ orgId, id: In([...ids]) });
  }

  /** Those that the user created, or that were created with one of the keys; newest first. */
  listCreatedBy(
    orgId: string,
    { userId, keyIds }: { readonly userId: string | null; readonly keyIds: readonly string[] },
  ): Promise<Webhook[]> {
    const withKeys = { orgId, creatorKeyId: In([...keyIds]) };
    const where = userId ? [{ orgId, createdByUserId: userId }, withKeys] : withKeys;
    return this.rows.find({ where, order: { createdAt: 'DESC', id: 'DESC' } });
  }
}
