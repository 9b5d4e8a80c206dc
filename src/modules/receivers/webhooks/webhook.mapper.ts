import type { OrgPrincipal } from '../../../common/access/principal.js';
import { inUtc, toInstant } from '../../../common/http/operations/instant.js';
import type { RedeliverRequest, WebhookAttempt } from '../../../contract/audit-log/webhook-deliveries.js';
import type {
  CreateWebhookRequest,
  UpdateWebhookRequest,
  Webhook,
  WebhookWithSecret,
} from '../../../contract/audit-log/webhooks.js';
import { InvalidRedelivery } from '../core/errors.js';
import { toReceiver } from '../core/receiver.mapper.js';
import type { Described, ReceiverChanges } from '../core/receivers.service.js';
import type { Redelivery } from './redeliver-events.js';
import type { WebhookTypes } from './webhook-kind.js';
import type { ListedAttempt } from './webhooks.repository.js';
import type { WithSecret } from './webhooks.service.js';

export function toWebhook(described: Described<WebhookTypes>, caller: OrgPrincipal): Webhook {
  const { receiver: webhook } = described;
  return {
    ...toReceiver(described, caller),
    types: webhook.types,
    missed_since: webhook.missedSince?.toISOString() ?? null,
    disabled_reason: webhook.disabledReason,
    public_key: webhook.publicKey,
    previous_secret_expires_at: webhook.overlapEndsAt?.toISOString() ?? null,
    undelivered: webhook.undelivered,
    lag_seconds: webhook.lagSeconds,
    last_attempt: webhook.lastAttempt && { ...webhook.lastAttempt, at: inUtc(webhook.lastAttempt.at) },
    paused_until: webhook.pauseEndsAt?.toISOString() ?? null,
  };
}

export const toWebhookWithSecret = (created: WithSecret, caller: OrgPrincipal): WebhookWithSecret => ({
  ...toWebhook(created, caller),
  secret: created.secret,
});

export const fromCreateWebhook = ({ url, description, types }: CreateWebhookRequest) => ({
  url,
  description,
  types: types && [...new Set(types)],
});

export const fromUpdateWebhook = (body: UpdateWebhookRequest): ReceiverChanges<WebhookTypes> => {
  const { url, description, types, is_enabled: isEnabled } = body;
  const fields = {
    ...(url !== undefined && { url: { url } }),
    ...(description !== undefined && { description: { description } }),
    ...(types !== undefined && { types: { types: types && [...new Set(types)] } }),
  };
  return { fields, isEnabled };
};

export const toWebhookAttempt = (row: ListedAttempt): WebhookAttempt => ({
  id: row.id,
  event_id: row.eventId,
  event_type: row.eventType,
  attempt: row.attempt,
  attempted_at: row.attemptedAt.toISOString(),
  duration_ms: row.durationMs,
  status: row.status,
  code: row.code,
  response: row.response,
  next_attempt_at: row.nextAttemptAt?.toISOString() ?? null,
});

/** @throws InvalidRedelivery unless exactly one of the three is given */
export function fromRedeliver({ ids, from, to, failed }: RedeliverRequest): Redelivery {
  const given = [ids !== undefined, from !== undefined || to !== undefined, failed !== undefined];
  if (given.filter(Boolean).length !== 1)
    throw new InvalidRedelivery('ids', 'Give either ids, or from and to, or failed');
  if (ids) return { ids };
  if (failed !== undefined) {
    if (!failed) throw new InvalidRedelivery('failed', 'Input should be true');
    return { failed };
  }
  if (from === undefined || to === undefined)
    throw new InvalidRedelivery(from === undefined ? 'from' : 'to', 'Field required');
  const period = { from: toInstant(from), to: toInstant(to) };
  if (period.from >= period.to) throw new InvalidRedelivery('to', 'Input should be later than from');
  return period;
}
