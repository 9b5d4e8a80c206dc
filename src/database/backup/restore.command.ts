import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { DataSource, QueryRunner } from 'typeorm';
import { type AdminCommand, AdminCommandError, type AdminOptions } from '../../common/admin-commands.js';
import type { Config } from '../../config/config.js';
import type { DatabaseClient } from '../connection/database-client.js';
import type { OpenDatabase } from '../open-database.js';
import {
  applyMigration,
  ensureMigrationsTable,
  findMissingMigration,
  findUnknownMigration,
  isApplied,
  MIGRATION_LOCK,
  migrationsOf,
} from '../schema/migration.js';
import { applyStep } from '../schema/schema-files.js';
import { readSchemaState } from '../schema/schema-state.js';
import { lacks } from '../schema/schema-state.errors.js';
import { type BackupHeader, BackupReader, unusableBackup, verifyBackup } from './backup-content.js';
import {
  quoted,
  quotedList,
  relationsIn,
  rowsOf,
  type SequenceState,
  type Table,
  tablesIn,
} from './catalog.js';
import type { Totals } from './dump-database.js';
import { compareSecrets, type SecretCheck } from './secret-fingerprints.js';

type Environment = {
  /** The settings; `createSecrets` creates missing ones in DATA_DIR. */
  settings: (createSecrets: boolean) => Config;
  open: (config: Config, print: (line: string) => void) => Promise<OpenDatabase>;
};

/** `npm run admin -- restore FILE`: restores a backup into an empty database. */
export class RestoreCommand implements AdminCommand {
  readonly name = 'restore';
  readonly purpose = 'Restores a backup into an empty database, after checking the whole file.';
  readonly usage = 'FILE [--accept-other-secrets]';
  readonly options = { 'accept-other-secrets': { type: 'boolean' } } as const;
  readonly argument = 'FILE';

  constructor(private readonly environment: Environment) {}

  async run({ FILE, ...options }: AdminOptions, print: (line: string) => void): Promise<void> {
    const path = String(FILE);
    const acceptsOthers = options['accept-other-secrets'] === true;
    const header = await verifyBackup(path);
    const config = this.environment.settings(acceptsOthers);
    const secrets = compareSecrets(header.secrets, config);
    if (!acceptsOthers) assertSame(secrets);
    const database = await this.environment.open(config, print);
    try {
      const { tables, rows } = await loadDatabase(database.dataSource, path);
      print(`${path}: restored ${rows} rows of ${tables} tables, as of ${header.createdAt}.`);
    } finally {
      await database.close();
    }
    for (const secret of secrets) print(describe(secret));
    print('All users have to sign in again.');
  }
}

function assertSame(secrets: readonly SecretCheck[]): void {
  const different = secrets.filter(({ isSame, neededFor }) => !isSame && neededFor !== null);
  if (different.length > 0)
    throw new AdminCommandError(
      'These secrets are not those of the backup: ' +
        `${different.map(({ name, neededFor }) => `${name} (${neededFor})`).join('; ')}. ` +
        'Set them to the earlier values, or restore with --accept-other-secrets. Nothing was changed.',
    );
}

function describe({ name, isSame, neededFor }: SecretCheck): string {
  if (isSame) return `${name}: the same as in the backup.`;
  return `${name}: not that of the backup; ${neededFor ?? 'networks of recent logins count as new ones'}.`;
}

/**
 * Restores a backup into an empty database, in one transaction: after any failure the database is still empty. The rows get
 * the schema with which they were written, and are migrated then.
 *
 * @throws AdminCommandError if the database is not empty, or the file cannot be restored
 */
async function loadDatabase(dataSource: DataSource, path: string): Promise<Totals> {
  await using runner = dataSource.createQueryRunner();
  const client = (await runner.connect()) as DatabaseClient;
  await runner.startTransaction();
  try {
    await runner.query('set local lock_timeout = 0');
    const backup = new BackupReader(path);
    const header = await backup.readHeader();
    await createSchema(runner, client, path, header);
    const totals = await fill(client, header, backup);
    const { pending } = await readSchemaState(runner, migrationsOf(dataSource));
    for (const step of pending) await applyStep(runner, step);
    await runner.commitTransaction();
    await client.query('analyze');
    return totals;
  } catch (error) {
    await runner.rollbackTransaction().catch(() => client.destroy()); // without a connection, PostgreSQL rolls back
    throw error;
  }
}

/** Uses the lock of `migrate`: a server that starts now waits, and then finds the restored database. */
async function createSchema(
  runner: QueryRunner,
  client: ClientBase,
  path: string,
  header: BackupHeader,
): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
  const relations = await relationsIn(client);
  const [relation] = relations;
  if (relation !== undefined)
    throw new AdminCommandError(
      `The database is not empty: it has ${relations.length} tables, views or sequences, among them ${relation}. ` +
        'Restore into a new, empty database. Nothing was changed.',
    );
  assertApplicable(runner.connection, path, header);
  await ensureMigrationsTable(runner);
  const applied = new Set(header.migrations);
  for (const migration of migrationsOf(runner.connection))
    if (isApplied(migration, applied)) await applyMigration(runner, migration);
  const tables = new Map((await tablesIn(client)).map((table) => [table.name, table.columns]));
  const other = header.tables.find(({ name, columns }) => !hasSame(columns, tables.get(name)));
  if (other)
    throw unusableBackup(path, `cannot be restored: its table ${other.name} is not that of the schema`);
}

/** @throws AdminCommandError if its schema is newer, or too old */
function assertApplicable(
  dataSource: DataSource,
  path: string,
  { application, migrations }: BackupHeader,
): void {
  const unknown = findUnknownMigration(dataSource, migrations);
  const missing = findMissingMigration(migrationsOf(dataSource), new Set(migrations));
  if (unknown === undefined && missing === undefined) return;
  const problem = missing === undefined ? `is newer (${unknown})` : lacks(missing);
  throw unusableBackup(
    path,
    `cannot be restored by this version: version ${application} wrote it, whose schema ${problem}`,
  );
}

const hasSame = (columns: readonly string[], own: readonly string[] = []) =>
  columns.length === own.length && columns.every((column) => own.includes(column));

/**
 * Copies the rows of all tables. Triggers follow later, since counts and versions are in the backup; foreign keys are added
 * again afterwards, which checks all rows at once, in any order of the tables, and which the owner of a table may do.
 */
async function fill(client: ClientBase, header: BackupHeader, backup: BackupReader): Promise<Totals> {
  const keys = await rowsOf<ForeignKey>(client, FOREIGN_KEYS);
  for (const key of keys) await client.query(`alter table ${key.table} drop constraint ${quoted(key.name)}`);
  let rows = 0;
  for (const table of header.tables) rows += await copyInto(client, table, backup.readTable());
  for (const { table, name, definition } of keys)
    await client.query(`alter table ${table} add constraint ${quoted(name)} ${definition}`);
  for (const sequence of header.sequences) await setSequence(client, sequence);
  return { tables: header.tables.length, rows };
}

/** Replaces rows that a migration has inserted. */
async function copyInto(client: ClientBase, table: Table, rows: AsyncIterable<Buffer>): Promise<number> {
  const name = quoted(table.name);
  await client.query(`delete from ${name}`);
  const target = client.query(copyFrom(`copy ${name} (${quotedList(table.columns)}) from stdin`));
  await pipeline(Readable.from(rows, { objectMode: false }), target);
  return target.rowCount;
}

async function setSequence(client: ClientBase, { name, value, isCalled }: SequenceState): Promise<void> {
  await client.query('select setval($1::regclass, $2, $3)', [quoted(name), value, isCalled]);
}

type ForeignKey = { table: string; name: string; definition: string };

/** Partitions have the ones of their parent. */
const FOREIGN_KEYS = `
  select conrelid::regclass::text as table, conname::text as name, pg_get_constraintdef(oid) as definition
  from pg_constraint
  where contype = 'f' and conparentid = 0 and connamespace = quote_ident(current_schema())::regnamespace
  order by 1, 2`;
