import {
  Flag,
  Instant,
  Integer,
  ListOf,
  ListOfOneOf,
  Nested,
  OneOf,
  Text,
  TextList,
  Uuid,
} from '../../common/http/operations/fields.decorator.js';
import { CreatedBy } from '../api-keys.js';
import { EVENT_TYPES, type EventType } from './events.js';

/* Not part of the published API: docs/contract/webhooks.md. */

const NOT_SENT: readonly EventType[] = ['request.refused', 'audit_log.read'];

/** In the order of the reference. */
const WEBHOOK_EVENT_TYPES = EVENT_TYPES.filter((type) => !NOT_SENT.includes(type));

const DISABLED_REASONS = ['admin', 'gone', 'failures'] as const;
type DisabledReason = (typeof DISABLED_REASONS)[number];

const MAX_URL_LENGTH = 2000;
const MAX_DESCRIPTION_LENGTH = 200;
const MOST_TYPES = 100;

const URL = {
  minLength: 1,
  maxLength: MAX_URL_LENGTH,
  description:
    'An https URL outside of private networks, unless the operator of the installation allows more.',
};
const TYPES = {
  nullable: true,
  minSize: 1,
  maxSize: MOST_TYPES,
  description: 'The types of events to send; null: all, also those of later versions.',
};

export class CreateWebhookRequest {
  @Text(URL) url: string;
  @Text({ default: '', maxLength: MAX_DESCRIPTION_LENGTH, visible: true }) description: string;
  @ListOfOneOf(WEBHOOK_EVENT_TYPES, 'WebhookEventType', { ...TYPES, default: null }) types:
    EventType[] | null;
}

export class UpdateWebhookRequest {
  @Text({ ...URL, optional: true }) url?: string;
  @Text({ optional: true, maxLength: MAX_DESCRIPTION_LENGTH, visible: true }) description?: string;
  @ListOfOneOf(WEBHOOK_EVENT_TYPES, 'WebhookEventType', { ...TYPES, optional: true }) types?:
    EventType[] | null;
  @Flag({
    optional: true,
    description: 'True sends what happens from now on. What happened before is sent by `redeliver`.',
  })
  is_enabled?: boolean;
}

export class WebhookAttemptSummary {
  @Instant() at: string;
  @Text({ nullable: true, description: 'As of the deliveries.' }) status: string | null;
  @Text({ nullable: true, description: 'As of the deliveries.' }) code: string | null;
}

export class Webhook extends CreatedBy {
  @Uuid() id: string;
  @Text({ description: 'Only scheme, host and port for callers below the rank of an Organization Admin.' })
  url: string;
  @Text() description: string;
  @TextList({ nullable: true, description: 'Null: all.' }) types: string[] | null;
  @Flag() is_enabled: boolean;
  @Instant({ nullable: true }) disabled_at: string | null;
  @Instant({
    nullable: true,
    description:
      'Of a disabled webhook: from when on it has missed what happens, at most `disabled_at`. `redeliver` with this as `from` sends it.',
  })
  missed_since: string | null;
  @OneOf(DISABLED_REASONS, 'WebhookDisabledReason', {
    nullable: true,
    description: '`gone`: the receiver answered 410. `failures`: an event failed at all 10 attempts.',
  })
  disabled_reason: DisabledReason | null;
  @Text({ description: 'For the signatures that begin with `v1a` (ed25519).' }) public_key: string;
  @Instant({
    nullable: true,
    description: 'Until then, the secret before the last rotation signs as well.',
  })
  previous_secret_expires_at: string | null;
  @Flag({ description: 'The user who created it is disabled or no longer a member, and it is enabled.' })
  owner_gone: boolean;
  @Flag({
    nullable: true,
    description:
      'Whether it is enabled and who created it is no Organization Admin at present; null if that is unknown.',
  })
  exceeds_creator: boolean | null;
  @Integer({ description: 'Events whose first attempt failed and that have not arrived; at most 100,000.' })
  undelivered: number;
  @Integer({ description: 'The age of the oldest event that was not attempted yet.' }) lag_seconds: number;
  @Nested(() => WebhookAttemptSummary, { nullable: true }) last_attempt: WebhookAttemptSummary | null;
  @Instant({
    nullable: true,
    description: 'The receiver has asked for a pause (429, 502, 503 or 504): events are sent again then.',
  })
  paused_until: string | null;
  @Instant() created_at: string;
  @Instant() updated_at: string;
}

export class WebhookPage {
  @ListOf(() => Webhook) items: Webhook[];
  @Text({ nullable: true }) next_cursor: string | null;
}

export class WebhooksQuery {
  @Integer({ default: 20, minimum: 1, maximum: 100 }) limit: number;
  @Text({ optional: true, description: 'The next_cursor of the page before.' }) cursor?: string;
}

export class WebhookWithSecret extends Webhook {
  @Text({ description: 'For the signatures that begin with `v1` (HMAC). Shown only now.' }) secret: string;
}

const MAX_OVERLAP_HOURS = 168;

export class RotateWebhookSecretRequest {
  @Integer({
    default: 24,
    minimum: 0,
    maximum: MAX_OVERLAP_HOURS,
    description: 'How long the replaced secret signs beside the new one. 0: it ends at once.',
  })
  overlap_hours: number;
}
