import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ensureConsoleBuilt } from '../../scripts/build-console.mjs';
import { ensureBuilt } from '../../scripts/build.mjs';
import { running } from './running.mjs';

const PREFIX = 'tenantry_test_';
const TEMPLATE = `${PREFIX}template`;
const PASSWORD = 'test';

/**
 * One PostgreSQL for the run (or the server of `TEST_DATABASE_URL`, whose database name must contain "test"), one
 * migrated template database that each test file clones, and a process per worker that runs their servers. Databases of
 * the last run are dropped here and not at its end, so that a failed run can be inspected. Jest loads this file without
 * our transform: it uses the built server, which the tests of starting need too.
 */
export default async function globalSetup({ maxWorkers }) {
  ensureBuilt();
  ensureConsoleBuilt();
  process.env.TMPDIR = process.env.TENANTRY_TEST_FOLDER ?? tmpdir(); // workers inherit it; `scripts/test.mjs` removes it
  const [url, hosts] = await Promise.all([prepareDatabase(), startHosts(maxWorkers)]);
  process.env.TENANTRY_TEST_SERVER = url;
  process.env.TENANTRY_TEST_TEMPLATE = TEMPLATE;
  process.env.TENANTRY_TEST_HOSTS = hosts.join(',');
}

/** Returns the URL of the server that holds the template. */
export async function prepareDatabase() {
  const url = given() ?? (await startEmbedded());
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  const { rows } = await admin.query('select datname from pg_database where starts_with(datname, $1)', [
    PREFIX,
  ]);
  for (const { datname } of rows) await admin.query(`drop database "${datname}" with (force)`);
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  await migrateTemplate(url);
  return url;
}

function given() {
  const url = process.env.TEST_DATABASE_URL;
  if (url && !/test/.test(new URL(url).pathname)) {
    throw new Error(
      'TEST_DATABASE_URL names a database that is not called a test; refusing to touch its server.',
    );
  }
  return url;
}

async function migrateTemplate(url) {
  const { createDataSource } = await import('../../dist/src/data-source.js');
  const { migrate } = await import('../../dist/src/database/schema/migrate.js');
  const directUrl = Object.assign(new URL(url), { pathname: `/${TEMPLATE}` }).href;
  const template = await createDataSource(directUrl).initialize();
  await migrate(template, {
    directUrl,
    schema: null,
    migrationLockSeconds: 60,
    waitSeconds: 0,
    limits: { connectSeconds: 60, keepAliveSeconds: 0 },
    print: console.log,
    signal: new AbortController().signal,
  });
  await template.destroy(); // a template with an open connection cannot be cloned
}

async function startEmbedded() {
  const { startEmbeddedPostgres } = await import('../../dist/src/database/embedded/postgres.js');
  running.directory = mkdtempSync(join(tmpdir(), 'tenantry-test-'));
  chmodSync(running.directory, 0o755); // as root, PostgreSQL runs as another user
  running.postgres = await startEmbeddedPostgres({
    directory: join(running.directory, 'postgres'),
    password: PASSWORD,
    durable: false,
  });
  await disableDurability(running.postgres.url);
  return running.postgres.url;
}

/** For a server of a hundred databases that live for seconds, over a thousand connections. */
async function disableDurability(url) {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  for (const setting of ['wal_init_zero', 'wal_recycle', 'autovacuum'])
    await admin.query(`alter system set ${setting} = off`);
  await admin.query('select pg_reload_conf()');
  await admin.query('set scram_iterations = 1'); // this password protects nothing
  await admin.query(`alter role tenantry password '${PASSWORD}'`);
  await admin.end();
}

/** Without our environment: a server that a test starts has only the settings of the test. */
export function startHosts(count) {
  return Promise.all(
    Array.from({ length: count }, () => {
      const host = fork(new URL('server-host.mjs', import.meta.url), {
        env: { PATH: process.env.PATH },
        execArgv: ['--single-threaded-gc'],
      });
      running.hosts.push(host);
      return Promise.race([once(host, 'message').then(([url]) => url), endOf(host)]);
    }),
  );
}

/** Rejects if a host exits before it has sent its URL; the reason is on stderr. */
async function endOf(host) {
  const [code] = await once(host, 'exit');
  throw new Error(`a process for the servers of the tests ended with ${code} before it listened`);
}
