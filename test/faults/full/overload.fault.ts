import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../support/audit-log.js';
import type { ServerProcess } from '../../support/server-process.js';
import { type Caller, callersOf, memoryMb, startServer } from '../support/fault-server.js';
import { printFigures, send } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';

const BATCHES = 5000;
const CONNECTIONS = 2000;
const PEOPLE = 10; // in each batch
const LARGEST_MB = 260;
/** V8 waits for up to 110 s after its last full collection (docs/performance.md#after-an-overload). */
const QUIET_SECONDS = 300;
/** The heap of `npm start` and of the image. */
const HEAP = '--max-semi-space-size=16 --max-old-space-size=768';

let postgres: PostgresServer;
let server: ServerProcess;
let url: string;
let caller: Caller;
beforeAll(async () => {
  postgres = await PostgresServer.start();
  server = startServer(postgres.url, { NODE_OPTIONS: HEAP });
  url = await server.ready();
  [caller] = (await callersOf(1, url, postgres)) as [Caller];
});
afterAll(async () => {
  await server.stop();
  await postgres.remove();
});

async function invite(): Promise<number | 'cut'> {
  const body = Array.from({ length: PEOPLE }, () => ({
    email: `${randomUUID()}@example.com`,
    workspace_ids: [caller.workspaceId],
  }));
  const batch = { method: 'POST', headers: caller.headers, body };
  return (await send(`${url}/api/v1/orgs/current/members/batch`, batch)).status;
}

/** How many responses had which status. */
async function overload(): Promise<Record<string, number>> {
  const seen: Record<string, number> = {};
  let left = BATCHES;
  const client = async () => {
    while (left-- > 0) {
      const status = await invite();
      seen[status] = (seen[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  return seen;
}

it('keeps no memory of 5,000 batches that came over 2,000 connections at once', async () => {
  const beforeMb = memoryMb(server);
  const seen = await overload();
  const endMb = memoryMb(server);
  const ended = performance.now();
  await until(() => memoryMb(server) <= LARGEST_MB, QUIET_SECONDS).catch(() => undefined); // the figures say more

  const seconds = Math.round((performance.now() - ended) / 1000);
  printFigures('overload', { seen, beforeMb, endMb, afterMb: memoryMb(server), seconds });
  expect(memoryMb(server)).toBeLessThanOrEqual(LARGEST_MB);
  expect(seen['200']).toBeGreaterThan(0);
});
