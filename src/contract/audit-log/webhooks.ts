import {
  Flag,
  Instant,
  Integer,
  ListOfOneOf,
  Nested,
  OneOf,
  Text,
  TextList,
  Uuid,
} from '../../common/http/operations/fields.decorator.js';
import { EVENT_TYPES, type EventType } from './events.js';
import { CreateReceiverRequest, Receiver, UpdateReceiverRequest } from './receivers.js';
import { LimitedListQuery, PageOf } from '../lists.js';

/* Not part of the published API: docs/contract/webhooks.md. */

const NOT_SENT: readonly EventType[] = ['request.refused', 'audit_log.read'];

/** In the order of the reference. */
const WEBHOOK_EVENT_TYPES = EVENT_TYPES.filter((type) => !NOT_SENT.includes(type));

const DISABLED_REASONS = ['admin', 'gone', 'failures'] as const;

const MOST_TYPES = 100;

const TYPES = {
  nullable: true,
  minSize: 1,
  maxSize: MOST_TYPES,
  description: 'The types of events to send; null: all, also those of later versions.',
};

export class CreateWebhookRequest extends CreateReceiverRequest {
  @ListOfOneOf(WEBHOOK_EVENT_TYPES, 'WebhookEventType', { ...TYPES, default: null }) types:
    EventType[] | null;
}

export class UpdateWebhookRequest extends UpdateReceiverRequest {
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

export class Webhook extends Receiver {
  @TextList({ nullable: true, description: 'Null: all.' }) types: string[] | null;
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
  disabled_reason: (typeof DISABLED_REASONS)[number] | null;
  @Text({ description: 'For the signatures that begin with `v1a` (ed25519).' }) public_key: string;
  @Instant({
    nullable: true,
    description: 'Until then, the secret before the last rotation signs as well.',
  })
  previous_secret_expires_at: string | null;
  @Integer({ description: 'Events whose first attempt failed and that have not arrived; at most 100,000.' })
  undelivered: number;
  @Integer({ description: 'The age of the oldest event that was not attempted yet.' }) lag_seconds: number;
  @Nested(() => WebhookAttemptSummary, { nullable: true }) last_attempt: WebhookAttemptSummary | null;
  @Instant({
    nullable: true,
    description: 'The receiver has asked for a pause (429, 502, 503 or 504): events are sent again then.',
  })
  paused_until: string | null;
}

export class WebhookPage extends PageOf(Webhook) {}

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

const MOST_REDELIVERED = 10_000;

export class WebhookDeliveriesQuery extends LimitedListQuery {
  @Text({ optional: true, maxLength: 100 }) event_id?: string;
  @Flag({ optional: true, description: 'True: only attempts that failed; false: only the others.' })
  failed?: boolean;
}

export class WebhookAttempt {
  @Uuid() id: string;
  @Text() event_id: string;
  @Text() event_type: string;
  @Integer({ description: '1 to 10; 0 for a test.' }) attempt: number;
  @Instant() attempted_at: string;
  @Integer() duration_ms: number;
  @Text({
    nullable: true,
    description:
      'The HTTP status; from private addresses only its class, such as `2xx`. Null without a response.',
  })
  status: string | null;
  @Text({ nullable: true, description: 'Why there is no response; null if there is one.' }) code:
    string | null;
  @Text({
    nullable: true,
    description: 'The first 1,000 characters of a text response from a public address.',
  })
  response: string | null;
  @Instant({ nullable: true, description: 'Of the event, if it has not arrived since.' })
  next_attempt_at: string | null;
}

export class WebhookAttemptPage extends PageOf(WebhookAttempt) {}

export class RedeliverRequest {
  @TextList({ optional: true, minSize: 1, maxSize: MOST_REDELIVERED, description: 'Ids of events.' })
  ids?: string[];
  @Instant({
    optional: true,
    description: 'The events of this period, with `to`, whether they arrived or not.',
  })
  from?: string;
  @Instant({ optional: true }) to?: string;
  @Flag({ optional: true, description: 'True: all that have not arrived.' }) failed?: boolean;
}

export class RedeliverResponse {
  @Integer({ description: 'How many events are sent now.' }) count: number;
}
