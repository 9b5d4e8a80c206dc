import type { TestApp } from './test-app.js';

/** Resolves once a connection to this database waits for a lock of another one; throws after five seconds. */
export async function waitForBlockedQuery({ sql }: TestApp): Promise<void> {
  const deadline = Date.now() + 5000;
  while (Date.now() < deadline) {
    const waiting = await sql(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (waiting.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('no query waits for a lock');
}
