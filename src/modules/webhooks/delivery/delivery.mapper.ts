import { toInstant } from '../../../common/http/operations/instant.js';
import type { RedeliverRequest, WebhookAttempt } from '../../../contract/audit-log/webhook-deliveries.js';
import { InvalidRedelivery } from '../core/errors.js';
import type { ListedAttempt } from './attempts.repository.js';
import type { Redelivery } from './redeliver-events.js';

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
