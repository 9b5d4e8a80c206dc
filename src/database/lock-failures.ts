import { outageKind } from '../common/errors/outage.js';
import { DatabaseUnavailable } from '../common/errors/outage.errors.js';
import type { FailureScope } from './keyed-mutex.js';

export const NO_FREE_CONNECTION = 'no connection free for a transaction';

/** Outages before work begins. */
const NO_CONNECTION: ReadonlySet<unknown> = new Set([
  'no free connection',
  'connection timeout',
  NO_FREE_CONNECTION,
]);

/** PostgreSQL, Appendix A: lock_not_available, and query_canceled by `statement_timeout`. */
const TOO_SLOW: ReadonlySet<unknown> = new Set(['55P03', '57014']);

/** Others have held the lock of a transaction for too long. */
class LockHeldByOthers extends DatabaseUnavailable {}

/** LockHeldByOthers if taking the lock has failed for that reason; any other error unchanged. */
export function explainLockFailure(error: unknown): unknown {
  const kind = outageKind(error);
  return kind !== null && TOO_SLOW.has(kind) ? new LockHeldByOthers(kind, { cause: error }) : error;
}

/** Work that waits for the same lock would wait as long for it, and may need what slow work has waited for. */
export function failureScope(error: unknown): FailureScope {
  const kind = outageKind(error);
  if (error instanceof LockHeldByOthers || NO_CONNECTION.has(kind)) return 'all';
  return TOO_SLOW.has(kind) ? 'earlier' : 'none';
}
