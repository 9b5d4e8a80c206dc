import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ServerProcess } from '../../support/server-process.js';
import { callersOf, startServer, type Caller } from '../support/fault-server.js';
import { Load, printFigures, send } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';

const ATTEMPTS = 300;
const LONGEST_MS = 20_000; // fewer attempts on a busy machine

let postgres: PostgresServer;
let server: ServerProcess;
let url: string;
let callers: Caller[];
beforeAll(async () => {
  postgres = await PostgresServer.start();
  server = startServer(postgres.url, { DATABASE_POOL_SIZE: '3' });
  url = await server.ready();
  callers = await callersOf(30, url, postgres);
});
afterAll(async () => {
  await server.stop();
  await postgres.remove();
});

it('keeps serving when PostgreSQL ends its backends while callers wait for the pool', async () => {
  let names = 0;
  const load = new Load(
    callers.flatMap(({ headers }) => [
      () => send(`${url}/api/v1/orgs/current/roles`, { headers }),
      () =>
        send(`${url}/api/v1/workspaces`, { method: 'POST', headers, body: { display_name: `W ${++names}` } }),
    ]),
  );
  let ended = 0;
  let attempts = 0;
  for (
    const end = performance.now() + LONGEST_MS;
    attempts < ATTEMPTS && performance.now() < end;
    attempts++
  ) {
    const rows = await postgres.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tenantry'`,
    );
    ended += rows.length;
    await pause(30);
  }
  const seen = await load.stop();
  const after = await send(`${url}/api/v1/workspaces`, { headers: callers[0]!.headers });

  printFigures('ended backends', { attempts, ended, seen, after: after.status });
  expect(after.status).toBe(200);
  expect(Object.keys(seen).sort()).toEqual(['200', '503']);
});
