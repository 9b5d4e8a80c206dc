import {
  Flag,
  Instant,
  Integer,
  Mapping,
  Nested,
  OneOf,
  Text,
  TextList,
} from '../../common/http/operations/fields.decorator.js';
import { CreateReceiverRequest, Receiver, UpdateReceiverRequest } from './receivers.js';
import { PageOf } from '../lists.js';

/* Not part of the published API: docs/contract/log-streams.md. */

const DISABLED_REASONS = ['admin', 'gone'] as const;

const HEADERS = {
  values: { type: 'string' },
  maxProperties: 5,
  description: 'Sent with each request, for example `Authorization`. Values are never returned.',
};

const INCLUDE_NAMES = {
  description: 'Entries are sent with the names and e-mail addresses of the people in them.',
};

export class CreateLogStreamRequest extends CreateReceiverRequest {
  @Mapping({ ...HEADERS, default: {} }) headers: Record<string, unknown>;
  @Flag({ ...INCLUDE_NAMES, default: false }) include_names: boolean;
}

export class UpdateLogStreamRequest extends UpdateReceiverRequest {
  @Mapping({
    ...HEADERS,
    optional: true,
    description:
      'Replaces all headers. Absent: unchanged, which is refused if `url` leads to another server and there are any.',
  })
  headers?: Record<string, unknown>;
  @Flag({ ...INCLUDE_NAMES, optional: true }) include_names?: boolean;
  @Flag({ optional: true, description: 'True continues where the stream has stopped.' }) is_enabled?: boolean;
}

class RequestOutcome {
  @Text({
    nullable: true,
    description: 'Three digits; from a private address only the class, such as `5xx`. Null: no response.',
  })
  status: string | null;
  @Text({ nullable: true, description: 'Why there is no response.' }) code: string | null;
}

export class LogStreamAttempt extends RequestOutcome {
  @Instant() at: string;
}

export class LogStream extends Receiver {
  @TextList({ description: 'The names of the request headers.' }) headers: string[];
  @Flag(INCLUDE_NAMES) include_names: boolean;
  @OneOf(DISABLED_REASONS, 'LogStreamDisabledReason', {
    nullable: true,
    description: '`gone`: the receiver answered 410.',
  })
  disabled_reason: (typeof DISABLED_REASONS)[number] | null;
  @Integer({ description: 'Entries that have not arrived, at most 10,000.' }) lag_entries: number;
  @Integer({ description: 'The age of the oldest entry that has not arrived.' }) lag_seconds: number;
  @Instant({
    nullable: true,
    description:
      'Entries of before this time were removed by the retention of the audit log and never arrived.',
  })
  missed_before: string | null;
  @Integer({ description: 'How many requests have failed since the last one that succeeded.' })
  failures: number;
  @Nested(() => LogStreamAttempt, { nullable: true }) last_attempt: LogStreamAttempt | null;
  @Instant({ nullable: true, description: 'After a failure: when the request is repeated.' })
  next_attempt_at: string | null;
}

export class LogStreamPage extends PageOf(LogStream) {}

export class LogStreamTest extends RequestOutcome {
  @Flag({ description: 'The receiver answered with 200 to 299.' }) succeeded: boolean;
  @Integer() duration_ms: number;
  @Text({ nullable: true, description: 'The beginning of a text response from a public address.' })
  response: string | null;
}
