import { DataSource, type DataSourceOptions } from 'typeorm';
import { clientLimits, NO_LIMITS } from '../connection/database-client.js';
import { retryOutages } from '../connection/wait-for-database.js';
import { type MigrateOptions, MigrationRunner } from './migration-runner.js';
import { type Migration, migrationsOf } from './migration.js';
import { readSchemaState, type SchemaState } from './schema-state.js';
import { first } from '../../common/collections.js';

/** Only a starting server and `migrate` change the schema, not another command. */
class SchemaOutdated extends Error {
  constructor() {
    super(
      'The database schema is not that of this version; start the server once to migrate it, or run ' +
        '`npm run admin -- migrate`.',
    );
  }
}

/**
 * @throws SchemaOutdated
 * @throws SchemaTooNew
 */
export async function assertMigrated(dataSource: DataSource): Promise<void> {
  const { pending } = await readSchemaState(dataSource, migrationsOf(dataSource));
  if (pending.length > 0) throw new SchemaOutdated();
}

/**
 * Runs the pending migrations, one process at a time: the others wait and then find none. An outage in between is
 * waited for, `waitSeconds` each time. Logs if the schema is newer than this version.
 *
 * @throws MigrationFailed
 * @throws SchemaTooNew
 * @throws the last failure of an outage that lasts longer
 */
export async function migrate(dataSource: DataSource, options: MigrateOptions): Promise<void> {
  const state = await onDirectConnection(dataSource, options, async (runner) => {
    let found: SchemaState;
    do found = await retryOutages(() => runner.applyNext(), options);
    while (found.pending.length > 0);
    return found;
  });
  if (state.newer.length > 0) options.print(newerSchema(state.newer));
}

/**
 * Undoes the migration that was applied last. An outage is not waited for: the commit may have succeeded.
 *
 * @throws Error if it cannot be undone, also if another migration is the last by then
 * @throws MigrationFailed
 */
export const undoLastMigration = (
  dataSource: DataSource,
  migration: Migration,
  options: MigrateOptions,
): Promise<void> => onDirectConnection(dataSource, options, (runner) => runner.undoLast(migration));

async function onDirectConnection<Result>(
  dataSource: DataSource,
  options: MigrateOptions,
  work: (runner: MigrationRunner) => Promise<Result>,
): Promise<Result> {
  const direct = new DataSource(directOptions(dataSource.options, options));
  const runner = new MigrationRunner(direct, migrationsOf(dataSource), options);
  await retryOutages(() => direct.initialize(), options);
  try {
    if (options.schema !== null) await ensureSchema((...query) => direct.query(...query), options.schema);
    return await work(runner);
  } finally {
    await direct.destroy();
  }
}

/** Two connections without the time limits of requests: for the transaction of a migration, and for what is built outside it. */
const directOptions = (options: DataSourceOptions, { directUrl, limits }: MigrateOptions) =>
  ({
    ...options,
    url: directUrl,
    poolSize: 2,
    entities: [],
    migrations: [],
    applicationName: 'tenantry migrations',
    extra: {
      ...(options.extra as object),
      ...clientLimits({
        ...NO_LIMITS,
        connectSeconds: limits.connectSeconds,
        keepAliveSeconds: limits.keepAliveSeconds,
      }),
    },
  }) as DataSourceOptions;

const newerSchema = (names: readonly string[]) =>
  `The database schema is newer than this version, and compatible with it: ${names.length} unknown migration(s), ` +
  `the last ${names.at(-1)}`;

type Query = (text: string, values?: unknown[]) => Promise<unknown>;

/** insufficient_privilege; unique_violation and duplicate_schema of a process that was faster. */
const [FORBIDDEN, ...CREATED_MEANWHILE] = ['42501', '23505', '42P06'];

/** The schema is missing, and the role may not create it. */
class SchemaMissing extends Error {
  constructor(schema: string, options: { cause: unknown }) {
    super(
      `the database has no schema ${schema}, and the role may not create it; ` +
        `let an administrator run: create schema "${schema}" authorization <the role of DATABASE_URL>`,
      options,
    );
  }
}

/**
 * Creates a schema unless it exists. Not with `if not exists`, which needs the right to create one in either case.
 *
 * @param query returns rows
 * @throws SchemaMissing
 */
export async function ensureSchema(query: Query, schema: string): Promise<void> {
  const exists = `select to_regnamespace(quote_ident($1)) is not null as "isThere"`;
  const { isThere } = first((await query(exists, [schema])) as { isThere: boolean }[]);
  if (isThere) return;
  try {
    await query(`create schema "${schema}"`);
  } catch (error) {
    const code = sqlstateOf(error);
    if (code === FORBIDDEN) throw new SchemaMissing(schema, { cause: error });
    if (!CREATED_MEANWHILE.includes(code)) throw error;
  }
}

/** TypeORM wraps the error of the driver. */
function sqlstateOf(error: unknown): string {
  const { driverError = error } = error as { driverError?: unknown };
  return String((driverError as { code?: unknown }).code);
}
