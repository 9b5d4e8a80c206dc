import { expect } from '@jest/globals';
import type { TestApp } from './test-app.js';

/** Resolves once a connection to this database waits for a lock of another one; the test fails after five seconds. */
export async function waitForBlockedQuery({ sql }: TestApp): Promise<void> {
  const deadline = Date.now() + 5000;
  let isWaiting = false;
  while (!isWaiting && Date.now() < deadline) {
    const waiting = await sql(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    isWaiting = waiting.length > 0;
    if (!isWaiting) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect({ aQueryWaitsForALock: isWaiting }).toEqual({ aQueryWaitsForALock: true });
}
