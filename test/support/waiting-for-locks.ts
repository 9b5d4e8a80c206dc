import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from './api.js';
import { until } from './audit-log.js';
import type { TestApp } from './test-app.js';

/** Resolves once a connection to this database waits for a lock of another one; throws after half a minute. */
export const waitForBlockedQuery = ({ sql }: TestApp): Promise<void> =>
  until(async () => {
    const waiting = await sql(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return waiting.length > 0;
  });

/** Requests that were sent before have passed their guards: the server has answered one that came after them. */
export async function untilOthersWait(api: Api): Promise<void> {
  await api.get('/api/v1/orgs/current');
  await pause(300);
}
