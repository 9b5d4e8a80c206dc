import type { OrgPrincipal } from '../../common/access/principal.js';
import type { Problem } from '../../common/errors/domain-error.js';
import { ValidationFailed } from '../../common/errors/errors.js';
import type { Attempt } from '../../common/outbound/attempt.js';
import { type AddressFlaw, originOf } from '../../common/outbound/address-rules.js';
import type {
  CreateLogStreamRequest,
  LogStream,
  LogStreamTest,
  UpdateLogStreamRequest,
} from '../../contract/audit-log/log-streams.js';
import { isBeyondCreator, isGone, toCreatedBy } from '../auth/api-keys/index.js';
import { mayGrantOrgAdmin } from '../roles/index.js';
import type { StreamChanges } from './log-streams.repository.js';
import type { ListedStream, StreamInput } from './log-streams.service.js';
import { headerProblems } from './request-headers.js';

type UrlCheck = { flawOf(url: string): AddressFlaw | null };

/** @throws ValidationFailed */
export function fromCreateLogStream(body: CreateLogStreamRequest, outbound: UrlCheck): StreamInput {
  const { url, description, headers, include_names: includeNames } = body;
  return { url, description, headers: valid({ url, headers }, outbound).headers, includeNames };
}

/** @throws ValidationFailed */
export function fromUpdateLogStream(
  { url, description, headers, include_names: includeNames, is_enabled: isEnabled }: UpdateLogStreamRequest,
  outbound: UrlCheck,
): StreamChanges {
  const checked = valid({ url, headers: headers ?? {} }, outbound);
  return {
    ...(url === undefined ? {} : { url }),
    ...(description === undefined ? {} : { description }),
    ...(headers === undefined ? {} : { headers: checked.headers }),
    ...(includeNames === undefined ? {} : { includeNames }),
    ...(isEnabled === undefined ? {} : { isEnabled }),
  };
}

function valid(
  { url, headers }: { url: string | undefined; headers: Record<string, unknown> },
  outbound: UrlCheck,
): { headers: Record<string, string> } {
  const flaw = url === undefined ? null : outbound.flawOf(url);
  const problems: Problem[] = [
    ...(flaw ? [{ loc: ['body', 'url'], ...flaw }] : []),
    ...headerProblems(headers),
  ];
  if (problems.length > 0) throw new ValidationFailed(problems);
  return { headers: headers as Record<string, string> };
}

export const toLogStream = ({ stream, creator }: ListedStream, caller: OrgPrincipal): LogStream => ({
  id: stream.id,
  url: mayGrantOrgAdmin(caller) ? stream.url : originOf(stream.url),
  description: stream.description,
  headers: stream.headerNames,
  include_names: stream.includeNames,
  is_enabled: stream.disabledAt === null,
  disabled_at: stream.disabledAt?.toISOString() ?? null,
  disabled_reason: stream.disabledReason,
  owner_gone: stream.disabledAt === null && stream.createdByUserId !== null && isGone(creator),
  exceeds_creator: isBeyondCreator(stream, creator, { isActive: stream.disabledAt === null }),
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
  created_at: stream.createdAt.toISOString(),
  updated_at: stream.updatedAt.toISOString(),
  ...toCreatedBy(stream, creator?.email ?? null),
});

export const toLogStreamTest = ({ durationMs, status, code, response, outcome }: Attempt): LogStreamTest => ({
  succeeded: outcome === 'delivered',
  duration_ms: durationMs,
  status,
  code,
  response,
});
