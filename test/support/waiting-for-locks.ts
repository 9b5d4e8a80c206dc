import { setTimeout as pause } from 'node:timers/promises';
import { until } from './audit-log.js';
import type { TestApp } from './test-app.js';

/** Resolves once a connection to this database waits for a lock of another one; throws after half a minute. */
export const waitForBlockedQuery = ({ sql }: Pick<TestApp, 'sql'>): Promise<void> =>
  until(async () => {
    const waiting = await sql(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return waiting.length > 0;
  });

const LOOK_EVERY_MS = 10;

/**
 * Requests that were sent before have passed their guards, and wait for a lock or for each other: the server has completed no
 * statement for `ms`, in which it has responded all the time.
 */
export async function untilOthersWait({ statements }: Pick<TestApp, 'statements'>, ms = 150): Promise<void> {
  let last = -1;
  for (let still = 0; still < ms / LOOK_EVERY_MS; still++) {
    await pause(LOOK_EVERY_MS);
    const count = await statements();
    if (count !== last) still = 0;
    last = count;
  }
}
