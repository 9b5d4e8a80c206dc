import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { until } from '../../support/audit-log.js';
import { pg } from '../../support/postgres-client.js';
import { ServerProcess } from '../../support/server-process.js';
import { callersOf, environmentOf, startServer } from '../support/fault-server.js';
import { Load, printFigures, send } from '../support/load.js';
import { newerRelease } from '../support/newer-release.js';
import { PostgresServer } from '../support/postgres-server.js';

/** Much longer than any request takes that does not wait for the report, on a busy machine, too. */
const REPORT_MS = 12_000;
/** Less than PostgreSQL's `deadlock_timeout`, so that the request waits first. */
const SECOND_LOCK_AFTER_MS = 300;
const LOCK_SECONDS = 1;

let postgres: PostgresServer;
let running: ServerProcess[];
let load: Load | null = null;
let report: Awaited<ReturnType<PostgresServer['connect']>> | null = null;
let releases: ReturnType<typeof newerRelease>[];
beforeAll(async () => {
  postgres = await PostgresServer.start();
  const first = startServer(postgres.url);
  await first.ready();
  await first.stop();
});
beforeEach(() => {
  running = [];
  releases = [];
});
afterEach(async () => {
  await report?.end();
  await load?.stop();
  for (const server of running) server.kill('SIGKILL');
  await Promise.all(running.map((server) => server.ended()));
  await postgres.sql(`delete from migrations where timestamp = 1999999999999`);
  await postgres.sql(
    'alter table roles drop column if exists added; drop table if exists applied; drop index if exists roles_by_description',
  );
  for (const release of releases) release.remove();
});
afterAll(() => postgres.remove());

function start(): ServerProcess {
  const server = startServer(postgres.url);
  running.push(server);
  return server;
}

function buildRelease(change: Parameters<typeof newerRelease>[0]) {
  const made = newerRelease(change);
  releases.push(made);
  const environment = {
    ...environmentOf(postgres.url),
    DATABASE_MIGRATION_LOCK_SECONDS: String(LOCK_SECONDS),
  };
  return {
    migration: made.migration,
    start: (): ServerProcess => {
      const server = new ServerProcess(environment, { root: made.root });
      running.push(server);
      return server;
    },
  };
}

const applied = (migration: string) => postgres.sql('select from migrations where name = $1', [migration]);
const isSleeping = async () => {
  return (await postgres.sql(`select from pg_stat_activity where wait_event = 'PgSleep'`)).length > 0;
};

it('retries a migration that waits for a long report, and lets requests of the older version pass', async () => {
  const older = start();
  const url = await older.ready();
  const callers = await callersOf(4, url, postgres);
  const newer = buildRelease({ name: 'AddColumn', sql: 'alter table roles add column added int' });
  report = await postgres.connect();
  await report.query('begin; select count(*) from roles');
  load = new Load(
    callers.map(
      ({ headers }) =>
        () =>
          send(`${url}/api/v1/orgs/current/roles`, { headers }),
    ),
    20,
  );

  const server = newer.start();
  await until(() => server.stdout.includes('waits for a lock'), 120);
  await pause(REPORT_MS);
  const before = await applied(newer.migration);
  const begun = performance.now();
  await report.query('commit');
  await report.end();
  await server.ready();
  const migratedAfterMs = Math.round(performance.now() - begun);
  const seen = await load.stop();

  const figures = { reportMs: REPORT_MS, lockMs: LOCK_SECONDS * 1000, seen };
  printFigures('long report', { ...figures, slowestMs: Math.round(load.slowestMs), migratedAfterMs });
  expect(before).toHaveLength(0);
  expect(await applied(newer.migration)).toHaveLength(1);
  expect(Object.keys(seen)).toEqual(['200']);
  expect(load.slowestMs).toBeLessThan(REPORT_MS);
  expect(server.stdout.match(/waits for a lock/g)).toHaveLength(1);
});

it('lets a request continue that waits for a table of a migration, which waits for a table of the request', async () => {
  const newer = buildRelease({
    name: 'LockTwoTables',
    sql: `lock table roles; select pg_sleep(${SECOND_LOCK_AFTER_MS / 1000}); lock table scim_tokens;
      alter table roles add column added int`,
  });
  const request = await postgres.connect();
  report = request;
  await request.query('begin; lock table scim_tokens in row share mode');

  const server = newer.start();
  await until(isSleeping, 120);
  const begun = performance.now();
  const roles = await request.query('select from roles');
  const requestMs = Math.round(performance.now() - begun);
  await request.query('commit');
  await server.ready();

  printFigures('migration and request wait for each other', { requestMs });
  expect(roles.rows).not.toHaveLength(0);
  expect(await applied(newer.migration)).toHaveLength(1);
});

it('lets one of three processes migrate, and another one takes over when that is killed', async () => {
  await postgres.sql('create table applied as select true as is_slow');
  const newer = buildRelease({
    name: 'SleepLong',
    sql: 'select pg_sleep(case when is_slow then 600 else 0 end) from applied',
  });
  const first = newer.start();
  await until(isSleeping, 120);
  const others = [newer.start(), newer.start()];
  await until(() => others.every(({ stdout }) => stdout.includes('Another process migrates')), 120);
  const waiting = await applied(newer.migration);
  await postgres.sql('update applied set is_slow = false');

  first.kill('SIGKILL');
  const begun = performance.now();
  await Promise.all(others.map((server) => server.ready()));

  printFigures('migrating process killed', {
    others: 2,
    readyAfterMs: Math.round(performance.now() - begun),
  });
  expect(waiting).toHaveLength(0);
  expect(await applied(newer.migration)).toHaveLength(1);
});

it('builds an index while its table is written to, and again after the process was killed in between', async () => {
  const isBuilding = async () => (await postgres.sql('select from pg_stat_progress_create_index')).length > 0;
  const indexes = () =>
    postgres.sql(`select indisvalid from pg_index where indexrelid = to_regclass('roles_by_description')`);
  const newer = buildRelease({
    name: 'BuildIndex',
    concurrentIndexes: { roles_by_description: 'on roles (description)' },
    sql: 'create index if not exists roles_by_description on roles (description)',
  });
  report = await postgres.connect();
  await report.query('begin; update roles set description = description'); // the build waits for this transaction

  const first = newer.start();
  await until(isBuilding, 120);
  await postgres.sql('begin; lock table roles in row exclusive mode nowait; commit');
  first.kill('SIGKILL');
  await first.ended();
  await until(async () => !(await isBuilding()), 120);
  const left = await indexes();
  await report.query('commit');
  await newer.start().ready();

  expect(left).toEqual([{ indisvalid: false }]);
  expect(await indexes()).toEqual([{ indisvalid: true }]);
  expect(await applied(newer.migration)).toHaveLength(1);
});

it('continues when PostgreSQL is restarted in the middle of a migration', async () => {
  await postgres.sql('create table applied as select true as is_slow');
  const newer = buildRelease({
    name: 'Sleep',
    sql: 'select pg_sleep(case when is_slow then 600 else 0 end) from applied',
  });
  const server = newer.start();
  await until(isSleeping, 120);
  await postgres.sql('update applied set is_slow = false');
  const begun = performance.now();

  await postgres.restart('SIGQUIT');
  const url = await server.ready();

  printFigures('restart in a migration', { readyAfterMs: Math.round(performance.now() - begun) });
  expect(server.stdout).toContain('Waiting for the database');
  expect(await applied(newer.migration)).toHaveLength(1);
  await until(async () => (await send(`${url}/readyz`)).status === 200, 60);
});

it('serves with a schema of a newer version that is compatible, and says so once', async () => {
  const newer = buildRelease({ name: 'AddTable', sql: 'create table applied (id int)' });
  await newer.start().ready();

  const older = start();
  const url = await older.ready();

  await until(async () => (await send(`${url}/readyz`)).status === 200, 60);
  expect(older.messages.match(/^The database schema is newer than this version, .*$/gm)).toEqual([
    expect.stringContaining(`1 unknown migration(s), the last ${newer.migration}`),
  ]);
});

it('exits with 1 when a newer version has declared its schema incompatible with older ones', async () => {
  const newer = buildRelease({
    name: 'Break',
    sql: 'create table applied (id int)',
    breaksOlderVersions: true,
  });
  await newer.start().ready();

  const older = start();
  const killTimer = setTimeout(() => older.kill('SIGKILL'), 180_000);

  expect(await older.ended()).toBe(1);

  clearTimeout(killTimer);
  expect(older.stderr).toContain('the database schema is newer than this version and not compatible with it');
  expect(older.stderr).toContain(newer.migration);
});

it('migrates through DATABASE_DIRECT_URL, so that the role of DATABASE_URL needs no right to change the schema', async () => {
  await postgres.sql(`create role requests login password 'requests'`);
  await postgres.sql('create database direct template template0');
  const directUrl = postgres.urlAt(postgres.port, 'direct');
  const owner = new pg.Client({ connectionString: directUrl });
  await owner.connect();
  for (const kind of ['select, insert, update, delete on tables', 'usage on sequences'])
    await owner.query(`alter default privileges in schema public grant ${kind} to requests`);
  await owner.end();
  const url = Object.assign(new URL(directUrl), { username: 'requests', password: 'requests' }).href;
  const withoutDirect = new ServerProcess(environmentOf(url));
  const refused = await withoutDirect.ended();

  const server = new ServerProcess({ ...environmentOf(url), DATABASE_DIRECT_URL: directUrl });
  running.push(server);
  await server.ready();

  expect([refused, withoutDirect.stderr]).toEqual([
    1,
    expect.stringContaining('permission denied for schema public'),
  ]);
});
