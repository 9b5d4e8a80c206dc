import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { until } from '../../support/audit-log.js';
import type { ServerProcess } from '../../support/server-process.js';
import { callersOf, startServer, type Caller } from '../support/fault-server.js';
import { printFigures, send } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';

/** Long enough for all requests of a test on a busy machine. */
const DRAIN_MS = 10_000;
const READINESS = ['/readyz', '/ok', '/api/v1/ok'];
let postgres: PostgresServer;
let server: ServerProcess;
let url: string;
let caller: Caller;
beforeAll(async () => {
  postgres = await PostgresServer.start();
});
beforeEach(async () => {
  server = startServer(postgres.url, {
    SHUTDOWN_DRAIN_SECONDS: String(DRAIN_MS / 1000),
    DATABASE_LOCK_SECONDS: '120', // longer than a test holds a lock
  });
  url = await server.ready();
  [caller] = (await callersOf(1, url, postgres)) as [Caller];
});
afterEach(() => {
  server.kill('SIGKILL');
});
afterAll(() => postgres.remove());

const statusesOf = (paths: readonly string[]) =>
  Promise.all(paths.map(async (path) => (await send(`${url}${path}`)).status));
const roles = () => send(`${url}/api/v1/orgs/current/roles`, { headers: caller.headers });
const createWorkspace = (name: string) =>
  send(`${url}/api/v1/workspaces`, { method: 'POST', headers: caller.headers, body: { display_name: name } });

/** Holds the roster lock of the caller's organization: every change waits. */
async function holdRoster(): Promise<{ untilBlocked: () => Promise<void>; release: () => Promise<void> }> {
  const holder = await postgres.connect();
  await holder.query(`begin`);
  await holder.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [caller.orgId]);
  const waiting = `select from pg_locks where locktype = 'advisory' and not granted`;
  return {
    untilBlocked: () => until(async () => (await holder.query(waiting)).rowCount! > 0, 60),
    release: () => holder.end(),
  };
}

it('fails readiness on SIGTERM, serves everything else with Connection: close, and stops after the drain', async () => {
  expect(await statusesOf(READINESS)).toEqual([200, 200, 200]);
  const roster = await holdRoster();
  const inProgress = createWorkspace('In progress');
  await roster.untilBlocked();

  server.kill('SIGTERM');
  const begun = performance.now();
  await until(async () => (await send(`${url}/readyz`)).status === 503, 60);
  const readiness = await send(`${url}/api/v1/ok`);
  const others = await statusesOf(['/livez', '/health', '/api/v1', '/api/v1/health', '/api/v1/nothing']);
  const read = await roles();
  const missing = await send(`${url}/nothing`);
  await until(async () => (await roles()).status === 'cut', 60);
  const closedAfterMs = Math.round(performance.now() - begun);
  await roster.release();

  expect([readiness.status, readiness.headers['retry-after']]).toEqual([503, '1']);
  expect(JSON.parse(readiness.text)).toEqual({ detail: 'The server is shutting down' });
  expect(others).toEqual([200, 200, 200, 200, 404]);
  for (const response of [readiness, read, missing]) expect(response.headers['connection']).toBe('close');
  expect([read.status, missing.status]).toEqual([200, 404]);
  expect(closedAfterMs).toBeGreaterThanOrEqual(DRAIN_MS - 50);
  expect((await inProgress).status).toBe(200);
  expect(await server.ended()).toBe(0);
  expect(server.stderr).toBe('');
  printFigures('drain', {
    drainMs: DRAIN_MS,
    closedAfterMs,
    endedAfterMs: Math.round(performance.now() - begun),
  });
});

it.each([
  ['on SIGINT', 'SIGINT', true],
  ['on SIGTERM when nothing has asked for readiness', 'SIGTERM', false],
] as const)('stops without a drain %s', async (_when, signal, isWatched) => {
  if (isWatched) await statusesOf(READINESS);

  server.kill(signal);
  const begun = performance.now();

  expect(await server.ended()).toBe(0);
  expect(performance.now() - begun).toBeLessThan(DRAIN_MS);
});

it('ends at once on a second signal, although a request is in progress', async () => {
  await statusesOf(READINESS);
  const roster = await holdRoster();
  const lost = createWorkspace('Lost');
  await roster.untilBlocked();
  server.kill('SIGTERM');
  await until(async () => (await send(`${url}/readyz`)).status === 503, 60);
  await pause(300);

  server.kill('SIGTERM');
  const begun = performance.now();
  const code = await server.ended();
  const endedAfterMs = Math.round(performance.now() - begun);
  await roster.release();

  printFigures('second signal', { endedAfterMs });
  expect(code).toBe(128 + 15);
  expect(endedAfterMs).toBeLessThan(DRAIN_MS / 2);
  expect(['cut', 503]).toContain((await lost).status); // as the process happens to end first, or its connections
});

it('finishes a request when the same signal arrives twice within a moment, as npm forwards a Ctrl-C', async () => {
  const roster = await holdRoster();
  const inProgress = createWorkspace('In progress');
  await roster.untilBlocked();

  server.kill('SIGINT');
  await pause(20);
  server.kill('SIGINT');
  await pause(500);
  await roster.release();

  expect((await inProgress).status).toBe(200);
  expect(await server.ended()).toBe(0);
});
