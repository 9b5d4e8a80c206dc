import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import type { startEmbeddedPostgres } from '../../../src/database/embedded/postgres.js';
import type { WorkingCopy } from '../working-copy.ts';

const PASSWORD = 'test';
const LOG_PREFIX = 'SQLSTATE %e ';
/** Class 42: a statement that PostgreSQL cannot even plan, for instance with a parameter that nothing uses. */
const UNUSABLE_STATEMENT = /SQLSTATE (42\w{3}) ERROR: {2}(.*)/g;

/** One PostgreSQL for the whole run; the test setup would start its own for each call of Jest. */
export class TestDatabase {
  /** For `TEST_DATABASE_URL`. */
  readonly url: string;
  readonly stop: () => Promise<void>;
  private readonly logFile: string;

  private constructor(url: string, stop: () => Promise<void>, logFile: string) {
    this.url = url;
    this.stop = stop;
    this.logFile = logFile;
  }

  /** From the built copy. */
  static async start(copy: WorkingCopy): Promise<TestDatabase> {
    const module = pathToFileURL(join(copy.root, 'dist/src/database/embedded/postgres.js')).href;
    const { startEmbeddedPostgres: start } = (await import(module)) as {
      startEmbeddedPostgres: typeof startEmbeddedPostgres;
    };
    const directory = join(copy.folder, 'postgres');
    const server = await start({ directory, password: PASSWORD, durable: false });
    await prepare(server.url);
    const url = Object.assign(new URL(server.url), { pathname: '/test' }).href;
    return new TestDatabase(url, () => server.stop(), join(realpathSync(directory), 'server.log'));
  }

  /** The end of the log, for `unusableStatements`. */
  position(): number {
    return statSync(this.logFile).size;
  }

  /** Code and message of each such statement in the log from there on. */
  unusableStatements(from: number): string[] {
    const text = readFileSync(this.logFile).subarray(from).toString();
    return [...text.matchAll(UNUSABLE_STATEMENT)].map(([, code, message]) => `${code} ${message}`);
  }
}

/** The settings of the test setup, and a log that holds refused statements with their code. */
async function prepare(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const setting of ['wal_init_zero', 'wal_recycle', 'autovacuum'])
    await client.query(`alter system set ${setting} = off`);
  await client.query(`alter system set log_line_prefix = '${LOG_PREFIX}'`);
  await client.query('select pg_reload_conf()');
  await client.query(`alter role tenantry set log_min_messages = 'error'`);
  await client.query('set scram_iterations = 1');
  await client.query(`alter role tenantry password '${PASSWORD}'`);
  await client.query('create database test');
  await client.end();
}
