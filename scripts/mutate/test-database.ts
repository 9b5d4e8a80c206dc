import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import type { startEmbeddedPostgres } from '../../src/database/embedded/postgres.js';
import { runProcess } from './run-process.ts';
import type { WorkingCopy } from './working-copy.ts';

const PASSWORD = 'test';
const TEMPLATE = 'tenantry_test_template';
const UNCHANGED = 'unchanged_template';
const MIGRATE = `import { prepareDatabase } from './test/setup/global-setup.mjs'; await prepareDatabase();`;
const LIMIT_MS = 5 * 60_000;
/** Class 42: a statement that PostgreSQL cannot even plan, for instance with a parameter that nothing uses. */
const UNUSABLE_STATEMENT = /SQLSTATE (42\w{3}) ERROR: {2}(.*)/g;

type Server = Awaited<ReturnType<typeof startEmbeddedPostgres>>;

/** One PostgreSQL with a migrated template for many runs of Jest; the setup of the tests would make them for each. */
export class TestDatabase {
  readonly template = TEMPLATE;
  private readonly copy: WorkingCopy;
  private readonly postgres: Server;
  private readonly logFile: string;

  private constructor(copy: WorkingCopy, postgres: Server, logFile: string) {
    this.copy = copy;
    this.postgres = postgres;
    this.logFile = logFile;
  }

  /** From the built copy. */
  static async start(copy: WorkingCopy): Promise<TestDatabase> {
    const module = pathToFileURL(join(copy.root, 'dist/src/database/embedded/postgres.js')).href;
    const { startEmbeddedPostgres: start } = (await import(module)) as {
      startEmbeddedPostgres: typeof startEmbeddedPostgres;
    };
    const directory = join(copy.folder, 'postgres');
    const postgres = await start({ directory, password: PASSWORD, durable: false });
    const database = new TestDatabase(copy, postgres, join(realpathSync(directory), 'server.log'));
    await database.query(...SETTINGS);
    return database;
  }

  get server(): string {
    return this.postgres.url;
  }

  stop(): Promise<void> {
    return this.postgres.stop();
  }

  /** @throws Error if the migrations of the copy, as they are now, cannot be run */
  async migrate(signal: AbortSignal): Promise<void> {
    const env = { PATH: process.env['PATH'], TEST_DATABASE_URL: this.urlOf('test') };
    const options = { cwd: this.copy.root, env, timeoutMs: LIMIT_MS, signal };
    const { code, output } = await runProcess(
      process.execPath,
      ['--input-type=module', '-e', MIGRATE],
      options,
    );
    if (code !== 0) throw new Error(`The copy could not be migrated: ${output}`);
    await this.query(
      `drop database if exists ${UNCHANGED}`,
      `create database ${UNCHANGED} template ${TEMPLATE}`,
    );
  }

  /** Removes the databases of the last run, and with `sql` changes the template. */
  async reset(sql: string | null): Promise<void> {
    const found = await this.query(`select datname from pg_database where datname like 'tenantry_test_%'`);
    await this.query(
      ...found.map(({ datname }) => `drop database "${datname}" with (force)`),
      `create database ${TEMPLATE} template ${UNCHANGED} strategy file_copy`,
    );
    if (sql !== null) await query(this.urlOf(TEMPLATE), [sql]);
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

  private urlOf(database: string): string {
    return Object.assign(new URL(this.server), { pathname: `/${database}` }).href;
  }

  private query(...statements: readonly string[]): Promise<Record<string, string>[]> {
    return query(this.server, statements);
  }
}

/** Those of the test setup, and a log that holds refused statements with their code. */
const SETTINGS = [
  ...['wal_init_zero', 'wal_recycle', 'autovacuum'].map((name) => `alter system set ${name} = off`),
  `alter system set log_line_prefix = 'SQLSTATE %e '`,
  'select pg_reload_conf()',
  `alter role tenantry set log_min_messages = 'error'`,
  'set scram_iterations = 1',
  `alter role tenantry password '${PASSWORD}'`,
  'create database test',
];

/** The rows of the last statement. */
async function query(url: string, statements: readonly string[]): Promise<Record<string, string>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, string>[] = [];
    for (const statement of statements) ({ rows } = await client.query(statement));
    return rows;
  } finally {
    await client.end();
  }
}
