import type { OrgPrincipal } from '../../common/access/principal.js';
import { inUtc } from '../../common/http/operations/instant.js';
import { originOf } from '../../common/outbound/address-rules.js';
import type {
  CreateWebhookRequest,
  UpdateWebhookRequest,
  Webhook,
} from '../../contract/audit-log/webhooks.js';
import { isBeyondCreator, isGone, toCreatedBy } from '../auth/api-keys/index.js';
import { mayGrantOrgAdmin } from '../roles/index.js';
import type { DescribedWebhook } from './webhook-lists.js';
import type { WebhookInput } from './webhooks.service.js';

export const toWebhook = ({ webhook, creator }: DescribedWebhook, caller: OrgPrincipal): Webhook => ({
  id: webhook.id,
  url: mayGrantOrgAdmin(caller) ? webhook.url : originOf(webhook.url),
  description: webhook.description,
  types: webhook.types,
  is_enabled: webhook.disabledAt === null,
  disabled_at: webhook.disabledAt?.toISOString() ?? null,
  missed_since: webhook.missedSince?.toISOString() ?? null,
  disabled_reason: webhook.disabledReason,
  public_key: webhook.publicKey,
  previous_secret_expires_at: webhook.overlapEndsAt?.toISOString() ?? null,
  owner_gone: webhook.disabledAt === null && webhook.createdByUserId !== null && isGone(creator),
  exceeds_creator: isBeyondCreator(webhook, creator, { isActive: webhook.disabledAt === null }),
  undelivered: webhook.undelivered,
  lag_seconds: webhook.lagSeconds,
  last_attempt: webhook.lastAttempt && { ...webhook.lastAttempt, at: inUtc(webhook.lastAttempt.at) },
  paused_until: webhook.pauseEndsAt?.toISOString() ?? null,
  created_at: webhook.createdAt.toISOString(),
  updated_at: webhook.updatedAt.toISOString(),
  ...toCreatedBy(webhook, creator?.email ?? null),
});

export const fromCreateWebhook = ({ url, description, types }: CreateWebhookRequest) => ({
  url,
  description,
  types: types && [...new Set(types)],
});

export const fromUpdateWebhook = ({
  url,
  description,
  types,
  is_enabled: isEnabled,
}: UpdateWebhookRequest): WebhookInput => ({
  ...(url === undefined ? {} : { url }),
  ...(description === undefined ? {} : { description }),
  ...(types === undefined ? {} : { types: types && [...new Set(types)] }),
  ...(isEnabled === undefined ? {} : { isEnabled }),
});
