import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ServerProcess } from '../../support/server-process.js';
import { callersOf, startServer, type Caller } from '../support/fault-server.js';
import { type Outcome, printFigures, send } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';

const LOCK_MS = 8000;
const CONNECT_MS = 5000;
/** Tolerance for a busy machine. */
const GRACE_MS = 5000;
const WRITES_PER_ORGANIZATION = 4;

let postgres: PostgresServer;
let server: ServerProcess;
let url: string;
let callers: Caller[];
beforeAll(async () => {
  postgres = await PostgresServer.start();
  server = startServer(postgres.url, {
    DATABASE_POOL_SIZE: '10',
    DATABASE_LOCK_SECONDS: String(LOCK_MS / 1000),
    DATABASE_CONNECT_SECONDS: String(CONNECT_MS / 1000),
  });
  url = await server.ready();
  callers = await callersOf(13, url, postgres);
});
afterAll(async () => {
  await server.stop();
  await postgres.remove();
});

const write = ({ headers }: Caller, name: string) =>
  send(`${url}/api/v1/workspaces`, { method: 'POST', headers, body: { display_name: name } });

it('keeps reading, and returns 503 in time, while the writes of twelve organizations wait for their locks', async () => {
  const blocker = await postgres.connect();
  await blocker.query('begin');
  for (const { orgId } of callers.slice(0, 12))
    await blocker.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [orgId]);

  const writes = callers
    .slice(0, 12)
    .flatMap((caller) =>
      Array.from({ length: WRITES_PER_ORGANIZATION }, (_, n) => write(caller, `Stuck ${n}`)),
    );
  await pause(300);
  const reads: Outcome[] = [];
  for (const end = performance.now() + LOCK_MS / 2; reads.length < 50 && performance.now() < end;) {
    const { headers } = callers[reads.length % 13]!;
    reads.push(await send(`${url}/api/v1/orgs/current/members`, { headers }));
  }
  const stuck = await Promise.all(writes);
  await blocker.query('rollback');
  await blocker.end();
  const after = await Promise.all(callers.map((caller) => write(caller, 'After')));

  const slowest = (responses: readonly { ms: number }[]) =>
    Math.round(Math.max(...responses.map(({ ms }) => ms)));
  const seen = (responses: readonly { status: unknown }[]) => [
    ...new Set(responses.map(({ status }) => status)),
  ];
  printFigures('stuck writes', {
    writes: stuck.length,
    seen: seen(stuck),
    slowestWriteMs: slowest(stuck),
    reads: reads.length,
    readsSeen: seen(reads),
    slowestReadMs: slowest(reads),
    after: seen(after),
  });
  expect(seen(reads)).toEqual([200]); // a read that waited for a blocked transaction would be 503
  expect(seen(stuck)).toEqual([503]);
  expect(stuck.every(({ headers }) => headers['retry-after'] === '1')).toBe(true);
  expect(slowest(stuck)).toBeLessThan(LOCK_MS + CONNECT_MS + GRACE_MS);
  expect(seen(after)).toEqual([200]);
});
