import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { emptyFolder, type ServerProcess } from '../../support/server-process.js';
import { callersOf, PATIENT, startServer, type Caller } from '../support/fault-server.js';
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

const ROTATE_EVERY_MS = 5000;
const ROTATIONS = Number(process.env['PASSWORD_ROTATIONS'] ?? 4);

type Span = { begun: number; ended: number };

const overlap = (one: Span, other: Span) => one.begun <= other.ended && other.begun <= one.ended;

it('fails no request for longer than the cut when the password in a file changes every five seconds', async () => {
  const folder = emptyFolder();
  const file = join(folder.path, 'url');
  const write = (password: string) => {
    writeFileSync(
      `${file}.new`,
      Object.assign(new URL(postgres.url), { username: 'rotated', password }).href,
    );
    renameSync(`${file}.new`, file);
  };
  await postgres.sql(`create role rotated superuser login password 'p0'`);
  write('p0');
  const rotated = startServer('', { ...PATIENT, DATABASE_URL_FILE: file });
  const rotatedUrl = await rotated.ready();
  const cuts: Span[] = [];
  const requests: (Span & { status: number | 'cut' })[] = [];
  let names = 0;
  const observed = async (path: string, sent: Parameters<typeof send>[1]) => {
    const begun = performance.now();
    const outcome = await send(`${rotatedUrl}${path}`, sent);
    requests.push({ begun, ended: performance.now(), status: outcome.status });
    return outcome;
  };
  const load = new Load(
    callers
      .slice(0, 10)
      .flatMap(({ headers }) => [
        () => observed('/api/v1/orgs/current/roles', { headers }),
        () =>
          observed('/api/v1/workspaces', { method: 'POST', headers, body: { display_name: `R ${++names}` } }),
      ]),
    20,
  );

  for (let rotation = 1; rotation <= ROTATIONS; rotation++) {
    await pause(ROTATE_EVERY_MS);
    const begun = performance.now();
    await postgres.sql(`alter role rotated password 'p${rotation}'`);
    write(`p${rotation}`);
    await postgres.sql(
      `select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = 'rotated'`,
    );
    cuts.push({ begun, ended: performance.now() });
  }
  await pause(ROTATE_EVERY_MS);
  const seen = await load.stop();
  await rotated.stop();
  folder.remove();

  const failed = requests.filter(({ status }) => status !== 200);
  const afterCuts = failed.filter((each) => !cuts.some((cut) => overlap(cut, each)));
  const msAfterCut = afterCuts.map((each) =>
    Math.min(...cuts.filter(({ ended }) => ended < each.begun).map(({ ended }) => each.ended - ended)),
  );
  const longestMs = Math.max(0, ...msAfterCut);
  printFigures('rotated passwords', {
    seen,
    longestCutMs: Math.round(Math.max(...cuts.map(({ begun, ended }) => ended - begun))),
    failedAfterCuts: afterCuts.length,
    longestMs: Math.round(longestMs),
  });
  expect(Object.keys(seen).sort()).toEqual(['200', '503']);
  expect(longestMs).toBeLessThan(ROTATE_EVERY_MS / 2);
  expect(rotated.messages).not.toContain('keep the password');
});
