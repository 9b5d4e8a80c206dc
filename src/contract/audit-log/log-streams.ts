import {
  Flag,
  Instant,
  Integer,
  ListOf,
  Mapping,
  Nested,
  OneOf,
  Text,
  TextList,
  Uuid,
} from '../../common/http/operations/fields.decorator.js';
import { CreatedBy } from '../api-keys.js';

/* Not part of the published API: docs/contract/log-streams.md. */

const DISABLED_REASONS = ['admin', 'gone'] as const;

const URL = {
  minLength: 1,
  maxLength: 2000,
  description:
    'An https URL outside of private networks, unless the operator of the installation allows more.',
};
const DESCRIPTION = { maxLength: 200, visible: true };
const HEADERS = {
  values: { type: 'string' },
  maxProperties: 5,
  description: 'Sent with each request, for example `Authorization`. Values are never returned.',
};

const INCLUDE_NAMES = {
  description: 'Entries are sent with the names and e-mail addresses of the people in them.',
};

export class CreateLogStreamRequest {
  @Text(URL) url: string;
  @Text({ ...DESCRIPTION, default: '' }) description: string;
  @Mapping({ ...HEADERS, default: {} }) headers: Record<string, unknown>;
  @Flag({ ...INCLUDE_NAMES, default: false }) include_names: boolean;
}

export class UpdateLogStreamRequest {
  @Text({ ...URL, optional: true }) url?: string;
  @Text({ ...DESCRIPTION, optional: true }) description?: string;
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

export class LogStreamsQuery {
  @Integer({ default: 20, minimum: 1, maximum: 100 }) limit: number;
  @Text({ optional: true, description: 'The next_cursor of the page before.' }) cursor?: string;
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

export class LogStream extends CreatedBy {
  @Uuid() id: string;
  @Text({ description: 'Only scheme, host and port for callers below the rank of an Organization Admin.' })
  url: string;
  @Text() description: string;
  @TextList({ description: 'The names of the request headers.' }) headers: string[];
  @Flag(INCLUDE_NAMES) include_names: boolean;
  @Flag() is_enabled: boolean;
  @Instant({ nullable: true }) disabled_at: string | null;
  @OneOf(DISABLED_REASONS, 'LogStreamDisabledReason', {
    nullable: true,
    description: '`gone`: the receiver answered 410.',
  })
  disabled_reason: (typeof DISABLED_REASONS)[number] | null;
  @Flag({ description: 'The user who created it is disabled or no longer a member, and it is enabled.' })
  owner_gone: boolean;
  @Flag({
    nullable: true,
    description:
      'Whether it is enabled and who created it is no Organization Admin at present; null if that is unknown.',
  })
  exceeds_creator: boolean | null;
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
  @Instant() created_at: string;
  @Instant() updated_at: string;
}

export class LogStreamPage {
  @ListOf(() => LogStream) items: LogStream[];
  @Text({ nullable: true }) next_cursor: string | null;
}

export class LogStreamTest extends RequestOutcome {
  @Flag({ description: 'The receiver answered with 200 to 299.' }) succeeded: boolean;
  @Integer() duration_ms: number;
  @Text({ nullable: true, description: 'The beginning of a text response from a public address.' })
  response: string | null;
}
