import { Webhook } from '../core/entities.js';
import { OnlyAdminsManageWebhooks, TooManyWebhooks, WebhookNotFound } from '../core/errors.js';
import { receiverKind } from '../core/receiver-kind.statements.js';
import type { SendingReceiver } from '../core/receivers.repository.js';

type ListedWebhook = {
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

/** `pausedSeconds`: how long the receiver still wants no requests. `overlapSecret`: the previous secret, while it signs. */
type WebhookToSend = { readonly pausedSeconds: number; readonly overlapSecret: string | null };

export type WebhookTypes = { row: Webhook; listed: ListedWebhook; sending: WebhookToSend };
export type SendingWebhook = SendingReceiver<WebhookTypes>;

export const MOST_UNDELIVERED = 100_000;

export const WEBHOOK = receiverKind<WebhookTypes>({
  name: 'webhook',
  entity: Webhook,
  from: 'from webhooks',
  listed: {
    overlapEndsAt: `case when r."previousSecretExpiresAt" > now() then r."previousSecretExpiresAt" end`,
    pauseEndsAt: `case when r."disabledAt" is null and r."pausedUntil" > now() then r."pausedUntil" end`,
    undelivered: `(
      select count(*)::int from (
        select from webhook_deliveries d where d.webhook_id = r.id limit ${MOST_UNDELIVERED}) d)`,
    lagSeconds: `case when r."disabledAt" is null
      then coalesce(greatest(0, extract(epoch from now() - next.created_at))::int, 0) else 0 end`,
    missedSince: `case when r."disabledAt" is not null then least(r."disabledAt", next.created_at) end`,
    lastAttempt: `(
      select jsonb_build_object('at', a.attempted_at, 'status', a.status, 'code', a.code)
      from webhook_attempts a where a.webhook_id = r.id order by a.attempted_at desc, a.id desc limit 1)`,
  },
  sending: {
    pausedSeconds: 'coalesce(greatest(0, extract(epoch from paused_until - now())), 0)::float8',
    overlapSecret: 'case when previous_secret_expires_at > now() then previous_secret end',
  },
  longestPause: `greatest(r.paused_until - now(), interval '0')`,
  limit: 20,
  NotFound: WebhookNotFound,
  TooMany: TooManyWebhooks,
  OnlyAdmins: OnlyAdminsManageWebhooks,
  skipsNothing: false,
  /** A change ends the pause for which the receiver has asked. */
  restartsWith: (_changed, { pausedUntil }) => pausedUntil !== null,
  restarted: { pausedUntil: null },
});
