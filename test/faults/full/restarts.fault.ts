import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ServerProcess } from '../../support/server-process.js';
import { callersOf, startServer, type Caller } from '../support/fault-server.js';
import { Load, printFigures, send } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';
import { WorkspaceWrites } from '../support/workspace-writes.js';

const RESTARTS = 100;

let postgres: PostgresServer;
let server: ServerProcess;
let url: string;
let callers: Caller[];
beforeAll(async () => {
  postgres = await PostgresServer.start();
  server = startServer(postgres.url);
  url = await server.ready();
  callers = await callersOf(30, url, postgres);
});
afterAll(async () => {
  await server.stop();
  await postgres.remove();
});

it('survives 100 restarts of PostgreSQL while 30 organizations write, and keeps every acknowledged write', async () => {
  const writes = new WorkspaceWrites(url);
  const load = new Load(
    callers.flatMap(({ headers }) => [() => writes.write(headers), () => writes.read(headers)]),
  );

  const recoveries: number[] = [];
  for (let restart = 0; restart < RESTARTS; restart++) {
    await pause(300 + Math.random() * 400);
    await postgres.restart(restart % 2 ? 'SIGINT' : 'SIGQUIT');
    const back = performance.now();
    while ((await send(`${url}/readyz`)).status !== 200) await pause(10);
    recoveries.push(performance.now() - back);
  }
  await pause(500);
  const seen = await load.stop();
  const rows = await postgres.sql<{ name: string }>('select display_name as name from workspaces');
  const lost = writes.findLost(rows.map(({ name }) => name));

  printFigures('restarts', {
    restarts: RESTARTS,
    deaths: 'cut' in seen ? 'at least 1' : 0,
    seen,
    acknowledged: writes.acknowledged.length,
    lost: lost.length,
    slowestMs: Math.round(load.slowestMs),
    recoveredAfterMs: { most: Math.round(Math.max(...recoveries)) },
  });
  expect(lost).toEqual([]);
  expect(Object.keys(seen).sort()).toEqual(['200', '503']);
});
