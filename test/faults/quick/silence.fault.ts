import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServerProcess } from '../../support/server-process.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { callersOf, startServer, type Caller } from '../support/fault-server.js';
import { type Outcome, printFigures, send } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';
import { Stalls } from '../support/stalls.js';

const READINESS = ['/api/v1/ok', '/ok', '/readyz', '/api/v1'];
const LIVENESS = ['/livez', '/health'];
/** Cancellation by PostgreSQL, and what the client allows beyond it. */
const STATEMENT_MS = 2000 + 5000;
const CONNECT_MS = 2000;
const READINESS_MS = 1000;
/** Tolerance for a busy machine. */
const GRACE_MS = 1500;

let postgres: PostgresServer;
let proxy: FaultProxy;
let server: ServerProcess;
let url: string;
let caller: Caller;
beforeAll(async () => {
  postgres = await PostgresServer.start();
  proxy = await FaultProxy.to(postgres.port);
  server = startServer(postgres.urlAt(proxy.port), {
    DATABASE_CONNECT_SECONDS: String(CONNECT_MS / 1000),
    DATABASE_STATEMENT_SECONDS: '2',
    DATABASE_LOCK_SECONDS: '1',
    DATABASE_POOL_SIZE: '4',
  });
  url = await server.ready();
  [caller] = (await callersOf(1, url, postgres)) as [Caller];
  await send(`${url}/ok`); // a pooled connection
});
afterAll(async () => {
  await server.stop();
  proxy.close();
  await postgres.remove();
});

const slowest = (outcomes: readonly Outcome[]) => Math.round(Math.max(...outcomes.map(({ ms }) => ms)));
const statuses = (outcomes: readonly Outcome[]) => [...new Set(outcomes.map(({ status }) => status))];
const askAll = (paths: readonly string[]) => Promise.all(paths.map((path) => send(`${url}${path}`)));

/** Begins the fault, sends every kind of request, checks the response times, and ends the fault. */
async function respondsInTime(name: string, begin: () => void, end: () => void): Promise<void> {
  const stalls = new Stalls();
  begin();
  const requests = Array.from({ length: 12 }, (_, index) =>
    index % 2
      ? send(`${url}/api/v1/orgs/current/roles`, { headers: caller.headers })
      : send(`${url}/api/v1/workspaces`, {
          method: 'POST',
          headers: caller.headers,
          body: { display_name: `${name} ${index}` },
        }),
  );
  await pause(100);
  const readiness = await askAll([...READINESS, ...READINESS]);
  const liveness = await askAll(LIVENESS);
  const responses = await Promise.all(requests);
  end();
  stalls.stop();
  const graceMs = GRACE_MS + stalls.ms;
  const back = performance.now();
  while ((await send(`${url}/readyz`)).status !== 200) await pause(20);
  const readyAfterMs = Math.round(performance.now() - back);
  const after = await send(`${url}/api/v1/workspaces`, {
    method: 'POST',
    headers: caller.headers,
    body: { display_name: `after ${name}` },
  });

  const figures = { requests: responses.length, seen: statuses(responses), slowestMs: slowest(responses) };
  const probes = { readinessMs: slowest(readiness), livenessMs: slowest(liveness) };
  printFigures(name, { ...figures, ...probes, readyAfterMs });
  expect(statuses(responses)).toEqual([503]);
  expect(slowest(responses)).toBeLessThan(STATEMENT_MS + CONNECT_MS + graceMs);
  expect(statuses(readiness)).toEqual([503]);
  expect(slowest(readiness)).toBeLessThan(READINESS_MS + graceMs);
  expect(statuses(liveness)).toEqual([200]);
  expect(slowest(liveness)).toBeLessThan(graceMs);
  expect(after.status).toBe(200);
}

describe('an unresponsive database', () => {
  it('returns 503 in time when the network to PostgreSQL falls silent', () =>
    respondsInTime(
      'silent network',
      () => proxy.silence(),
      () => proxy.speak(),
    ));

  it('returns 503 in time when PostgreSQL hangs', () =>
    respondsInTime(
      'hung PostgreSQL',
      () => postgres.freeze('SIGSTOP'),
      () => postgres.freeze('SIGCONT'),
    ));
});

it('returns 503 when a statement waits longer for a lock than its limit', async () => {
  const blocker = await postgres.connect();
  await blocker.query('begin; lock table roles in access exclusive mode');
  const stalls = new Stalls();
  const waitsForLock = await send(`${url}/api/v1/orgs/current/roles`, { headers: caller.headers });
  stalls.stop();
  await blocker.query('rollback');
  await blocker.end();

  printFigures('lock limit', { status: waitsForLock.status, ms: Math.round(waitsForLock.ms) });
  expect(waitsForLock.status).toBe(503);
  expect(waitsForLock.ms).toBeLessThan(1000 + GRACE_MS + stalls.ms);
});
