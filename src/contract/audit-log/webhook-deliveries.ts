import {
  Flag,
  Instant,
  Integer,
  Text,
  TextList,
  Uuid,
} from '../../common/http/operations/fields.decorator.js';
import { LimitedListQuery, PageOf } from '../lists.js';

/* Not part of the published API: docs/contract/webhooks.md#deliveries. */

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
