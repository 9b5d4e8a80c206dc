import type { OrgPrincipal } from '../../../common/access/principal.js';
import type { Attempt } from '../../../common/outbound/attempt.js';
import type {
  CreateLogStreamRequest,
  LogStream,
  LogStreamTest,
  UpdateLogStreamRequest,
} from '../../../contract/audit-log/log-streams.js';
import { toReceiver } from '../core/receiver.mapper.js';
import type { Described, ReceiverChanges } from '../core/receivers.service.js';
import type { LogStreamTypes } from './log-stream-kind.js';
import type { Headers, SendLines } from './send-lines.js';

export const fromCreateLogStream = (body: CreateLogStreamRequest, sending: SendLines) => ({
  url: body.url,
  description: body.description,
  ...sending.encrypt(body.headers as Headers),
  includeNames: body.include_names,
});

export const fromUpdateLogStream = (
  body: UpdateLogStreamRequest,
  sending: SendLines,
): ReceiverChanges<LogStreamTypes> => {
  const { url, description, headers, include_names: includeNames, is_enabled: isEnabled } = body;
  const fields = {
    ...(url !== undefined && { url: { url } }),
    ...(description !== undefined && { description: { description } }),
    ...(headers && { headers: sending.encrypt(headers as Headers) }),
    ...(includeNames !== undefined && { include_names: { includeNames } }),
  };
  return { fields, isEnabled };
};

export function toLogStream(described: Described<LogStreamTypes>, caller: OrgPrincipal): LogStream {
  const { receiver: stream } = described;
  return {
    ...toReceiver(described, caller),
    headers: stream.headerNames,
    include_names: stream.includeNames,
    disabled_reason: stream.disabledReason,
    lag_entries: stream.lagEntries,
    lag_seconds: stream.lagSeconds,
    missed_before: stream.missedBefore?.toISOString() ?? null,
    failures: stream.failures,
    last_attempt: stream.lastAttemptAt && {
      at: stream.lastAttemptAt.toISOString(),
      status: stream.lastStatus,
      code: stream.lastCode,
    },
    next_attempt_at: stream.nextAttemptAt?.toISOString() ?? null,
  };
}

export const toLogStreamTest = ({ durationMs, status, code, response, outcome }: Attempt): LogStreamTest => ({
  succeeded: outcome === 'delivered',
  duration_ms: durationMs,
  status,
  code,
  response,
});
