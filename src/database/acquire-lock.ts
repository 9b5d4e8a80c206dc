import type { OpenTransaction } from './begin-transaction.js';
import { explainLockFailure } from './failed-waits.js';
import { type Statement, PreparedQuery } from './prepared-query.js';

/**
 * Statements that follow in the transaction are planned once per connection, and read tables by their indexes
 * (docs/decisions/0085).
 */
const LOCK: Statement = {
  name: 'transaction_lock',
  text: `
    select pg_advisory_xact_lock(hashtextextended($1, 0)), set_config('plan_cache_mode', 'force_generic_plan', true),
      set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)`,
};

/**
 * Held until the transaction ends; taken once. Statements that are sent before it resolves follow the lock, too.
 *
 * @throws LockHeldByOthers
 */
export async function acquireLock({ connection, locks }: OpenTransaction, lockName: string): Promise<void> {
  if (locks.has(lockName)) return;
  locks.add(lockName);
  await new PreparedQuery(LOCK, [lockName]).execute(connection).catch((error: unknown) => {
    throw explainLockFailure(error);
  });
}
