import { setTimeout as pause } from 'node:timers/promises';
import { onOwnConnection } from './audit-log.js';
import type { TestApp } from './test-app.js';
import { waitForBlockedQuery } from './waiting-for-locks.js';

const LOOK_EVERY_MS = 10;

/**
 * Resolves when the server has completed no statement for `ms`, in which it has responded all the time: the requests that it
 * has received wait, for a lock or for each other.
 */
export async function untilStill({ statements }: Pick<TestApp, 'statements'>, ms = 150): Promise<void> {
  let last = -1;
  for (let still = 0; still < ms / LOOK_EVERY_MS; still++) {
    await pause(LOOK_EVERY_MS);
    const count = await statements();
    if (count !== last) still = 0;
    last = count;
  }
}

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
    await untilStill(t, stillMs);
    freeAt = performance.now();
    await client.query('commit');
    return { first: await firstResponse, others: await Promise.all(responses) };
  });
