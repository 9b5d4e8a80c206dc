import { onOwnConnection } from './audit-log.js';
import type { TestApp } from './test-app.js';
import { untilOthersWait, waitForBlockedQuery } from './waiting-for-locks.js';

type Requests<First, Other> = {
  readonly first: () => Promise<First>;
  readonly others: readonly (() => Promise<Other>)[];
  /** When the server has sent no statement for so long, all of the others wait behind the first one. */
  readonly stillMs: number;
};

/**
 * Sends requests while another connection holds the roster lock of the organization: all of them wait for it at the same
 * time. `waitedMs`: since it was free.
 */
export const sendWhileRosterIsLocked = <First, Other>(
  t: TestApp,
  orgId: string,
  { first, others, stillMs }: Requests<First, Other>,
): Promise<{ first: First; others: { result: Other; waitedMs: number }[] }> =>
  onOwnConnection(t, async (client) => {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [orgId]);
    const firstResponse = first();
    await waitForBlockedQuery(t);
    let freeAt = Infinity;
    const responses = others.map(async (send) => {
      const result = await send();
      return { result, waitedMs: performance.now() - freeAt };
    });
    await untilOthersWait(t, stillMs);
    freeAt = performance.now();
    await client.query('commit');
    return { first: await firstResponse, others: await Promise.all(responses) };
  });
