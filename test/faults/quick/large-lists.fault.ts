import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../support/audit-log.js';
import { createMembers } from '../../support/members.js';
import type { ServerProcess } from '../../support/server-process.js';
import { type Caller, callersOf, startServer } from '../support/fault-server.js';
import { ListClient } from '../support/list-client.js';
import { type Outcome, printFigures, send } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';

const MEMBERS = 25_000; // 17 MB: more than sockets and read-ahead hold
const LARGE_LISTS = 4;
const WAIT_MS = 5000;
const STALL_MS = 4000;
const TOTAL_MS = 3000;
/** Tolerance for a busy machine. */
const GRACE_MS = 30_000;
const ROSTER = '/api/v1/orgs/current/members';

let postgres: PostgresServer;
let server: ServerProcess;
let url: string;
let caller: Caller;
let small: Caller;
/** Another process on the same database, whose clients may stand still for STALL_MS. */
let strictServer: ServerProcess;
/** A third one, whose lists may take no longer than TOTAL_MS. */
let hurriedServer: ServerProcess;
let clients: ListClient[] = [];
beforeAll(async () => {
  postgres = await PostgresServer.start();
  server = startServer(postgres.url, {
    DATABASE_POOL_SIZE: '2', // fewer than there are large lists
    LIST_WAIT_SECONDS: String(WAIT_MS / 1000),
    LIST_STALL_SECONDS: '120', // longer than a test
  });
  url = await server.ready();
  strictServer = startServer(postgres.url, { LIST_STALL_SECONDS: String(STALL_MS / 1000) });
  hurriedServer = startServer(postgres.url, { LIST_SECONDS: String(TOTAL_MS / 1000) });
  [caller, small] = (await callersOf(2, url, postgres)) as [Caller, Caller];
  await createMembers(postgres, caller, MEMBERS);
  await postgres.sql('analyze users, org_memberships, workspace_memberships');
});
afterEach(async () => {
  for (const client of clients) client.disconnect();
  clients = [];
  await until(async () => (await cursors()) === 0, 60);
});
afterAll(async () => {
  await Promise.all([server.stop(), strictServer.stop(), hurriedServer.stop()]);
  await postgres.remove();
});

async function open(at = url): Promise<ListClient> {
  const client = await ListClient.open(`${at}${ROSTER}`, caller.headers);
  clients.push(client);
  return client;
}

/** How many large lists the server is reading. */
async function cursors(): Promise<number> {
  const rows = await postgres.sql(
    `select from pg_stat_activity where application_name = 'tenantry lists' and xact_start is not null`,
  );
  return rows.length;
}

const seen = (outcomes: readonly Outcome[]) => [...new Set(outcomes.map(({ status }) => status))];

it('cuts off a client that stops reading, and ends its transaction', async () => {
  const strictUrl = await strictServer.ready();
  const begun = performance.now();
  const client = await open(strictUrl);
  expect(await cursors()).toBe(1);

  await until(async () => (await cursors()) === 0, (STALL_MS + GRACE_MS) / 1000);
  const cutOffAfterMs = Math.round(performance.now() - begun);
  const end = await client.readAll();

  printFigures('client that stops reading', { cutOffAfterMs, limitMs: STALL_MS, end, bytes: client.bytes });
  expect(end).toBe('cut');
  expect(cutOffAfterMs).toBeGreaterThanOrEqual(STALL_MS);
  await until(() => (strictServer.stderr + strictServer.stdout).includes('a client stopped reading'), 30);
});

it('completes a list for a client that pauses for less than the limit', async () => {
  const client = await open(await strictServer.ready());
  await pause(STALL_MS / 4);

  expect(await client.readAll()).toBe('complete');
});

it('cuts off a client that keeps reading, but takes too long for the whole list', async () => {
  const hurriedUrl = await hurriedServer.ready();
  const begun = performance.now();
  const client = await open(hurriedUrl);
  const end = client.readSlowly(200_000);

  await until(async () => (await cursors()) === 0, (TOTAL_MS + GRACE_MS) / 1000);
  const cutOffAfterMs = Math.round(performance.now() - begun);
  void client.readAll(); // what is in the buffers of the connection

  printFigures('client that reads slowly', { cutOffAfterMs, limitMs: TOTAL_MS, end: await end });
  expect(await end).toBe('cut');
  expect(cutOffAfterMs).toBeGreaterThanOrEqual(TOTAL_MS);
});

it('cuts the connection when PostgreSQL ends the backend after the first byte, and serves the next request', async () => {
  const client = await open();
  const [ended] = await postgres.sql<{ count: number }>(
    `select count(pg_terminate_backend(pid))::int as count from pg_stat_activity where application_name = 'tenantry lists'`,
  );

  const end = await client.readAll();

  printFigures('backend ended after the first byte', { ended: ended?.count, end, bytes: client.bytes });
  expect(end).toBe('cut');
  expect(client.bytes).toBeGreaterThan(0);
  expect(await (await open()).readAll()).toBe('complete');
});

it('resets the connection of an HTTP/1.0 client after such a fault, since its end would look complete', async () => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const headers = Object.entries(caller.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${ROSTER} HTTP/1.0\r\n${headers.join('')}\r\n`);
  await once(socket, 'readable');
  await postgres.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tenantry lists'`,
  );

  const end = new Promise((resolve) => {
    socket
      .on('error', ({ code }: NodeJS.ErrnoException) => resolve(code))
      .on('end', () => resolve('complete'));
  });
  socket.resume();

  expect(await end).toBe('ECONNRESET');
});

it('returns 503 to a fifth reader while four stand still, and all other requests as before', async () => {
  for (let count = 0; count < LARGE_LISTS; count++) await open();
  const [fifth, ...others] = await Promise.all([
    send(`${url}${ROSTER}`, { headers: caller.headers }),
    ...Array.from({ length: 20 }, () => send(`${url}${ROSTER}`, { headers: small.headers })),
    ...Array.from({ length: 5 }, (_, n) =>
      send(`${url}/api/v1/workspaces`, {
        method: 'POST',
        headers: caller.headers,
        body: { display_name: `Meanwhile ${n}` },
      }),
    ),
  ]);
  const cursorsMeanwhile = await cursors();
  const ends = await Promise.all(clients.map((client) => client.readAll()));
  const after = await send(`${url}${ROSTER}`, { headers: caller.headers });

  printFigures('fifth reader of a large list', {
    fifth: { status: fifth.status, ms: Math.round(fifth.ms), retryAfter: fifth.headers['retry-after'] },
    others: { requests: others.length, seen: seen(others) },
    slowestOtherMs: Math.round(Math.max(...others.map(({ ms }) => ms))),
    four: ends,
    after: after.status,
  });
  expect(fifth).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  expect(JSON.parse(fifth.text)).toEqual({
    detail: 'Several large lists are being sent at the moment; try again.',
  });
  expect(seen(others)).toEqual([200]);
  expect(cursorsMeanwhile).toBe(LARGE_LISTS);
  expect(ends).toEqual(['complete', 'complete', 'complete', 'complete']);
  expect(after.status).toBe(200);
});

it('serves a waiting reader as soon as one of four clients disconnects', async () => {
  for (let count = 0; count < LARGE_LISTS; count++) await open();
  const waiting = send(`${url}${ROSTER}`, { headers: caller.headers });
  await pause(WAIT_MS / 5);

  clients[0]!.disconnect();

  expect((await waiting).status).toBe(200);
});

it('serves four readers after others have disconnected while they waited', async () => {
  for (let count = 0; count < LARGE_LISTS; count++) await open();
  const impatient = Array.from({ length: 10 }, () =>
    send(`${url}${ROSTER}`, { headers: caller.headers, timeoutMs: WAIT_MS / 5 }),
  );
  expect(seen(await Promise.all(impatient))).toEqual(['cut']);
  for (const client of clients.splice(0)) client.disconnect();

  await until(async () => (await cursors()) === 0, 60);
  for (let count = 0; count < LARGE_LISTS; count++) await open();
  expect(await cursors()).toBe(LARGE_LISTS);
});
