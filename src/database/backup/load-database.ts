import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { DataSource, QueryRunner } from 'typeorm';
import type { DatabaseClient } from '../connection/database-client.js';
import { findUnknownMigration } from '../schema/migration.js';
import { MIGRATION_LOCK } from '../schema/migrations-table.js';
import { applyMigrations } from './apply-migrations.js';
import type { BackupHeader, SequenceState } from './backup-format.js';
import { DatabaseNotEmpty, UnsupportedBackup } from './backup.errors.js';
import { quoted, quotedList, relationsIn, rowsOf, tablesIn } from './catalog.js';
import type { DecodedBackup, StoredTable } from './decoded-backup.js';
import type { BackupTotals } from './encode-backup.js';
import { withRunner } from './with-runner.js';

/**
 * Restores a backup into an empty database, in one transaction: after any failure the database is still empty. The
 * schema is that of the backup; a start migrates it further.
 *
 * @throws DatabaseNotEmpty, UnsupportedBackup or DamagedBackup
 */
export async function loadDatabase(
  dataSource: DataSource,
  path: string,
  backup: DecodedBackup,
): Promise<BackupTotals> {
  return withRunner(dataSource, async (runner) => {
    const client = (await runner.connect()) as DatabaseClient;
    await runner.startTransaction();
    await runner.query('set local lock_timeout = 0');
    try {
      await createSchema(runner, client, path, backup.header);
      const totals = await fill(client, path, backup);
      await runner.commitTransaction();
      await client.query('analyze');
      return totals;
    } catch (error) {
      await runner.rollbackTransaction().catch(() => client.destroy()); // without a connection, PostgreSQL rolls back
      throw error;
    }
  });
}

/** @throws UnsupportedBackup if this version does not know a migration of the backup */
function assertSchemaIsKnown(dataSource: DataSource, path: string, header: BackupHeader): void {
  const unknown = findUnknownMigration(dataSource, header.migrations);
  if (!unknown) return;
  const problem = `version ${header.application} wrote it, whose schema is newer (${unknown})`;
  throw new UnsupportedBackup(path, problem);
}

/** The lock is that of `migrate`: a server that starts now waits, and then finds the restored database. */
async function createSchema(
  runner: QueryRunner,
  client: ClientBase,
  path: string,
  header: BackupHeader,
): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
  const relations = await relationsIn(client);
  const [relation] = relations;
  if (relation !== undefined) throw new DatabaseNotEmpty(relations.length, relation);
  assertSchemaIsKnown(runner.connection, path, header);
  await applyMigrations(runner, header.migrations);
}

/**
 * Copies the rows of all tables. Triggers of the schema are off, since counts and versions are in the backup; foreign
 * keys are added again afterwards, which checks all rows at once, in any order of the tables. Both are what the owner
 * of a table may do, where `session_replication_role` needs a superuser.
 */
async function fill(client: ClientBase, path: string, backup: DecodedBackup): Promise<BackupTotals> {
  const tables = new Map((await tablesIn(client)).map(({ name, columns }) => [name, new Set(columns)]));
  const keys = await rowsOf<ForeignKey>(client, FOREIGN_KEYS);
  const triggers = await rowsOf<Trigger>(client, TRIGGERS);
  for (const key of keys) await client.query(`alter table ${key.table} drop constraint ${quoted(key.name)}`);
  for (const { table, name } of triggers) await client.query(`alter table ${table} disable trigger ${name}`);
  const totals = { tables: 0, rows: 0 };
  for await (const table of backup.tables()) {
    const columns = tables.get(table.table);
    if (columns?.size !== table.columns.length || !table.columns.every((column) => columns.has(column)))
      throw new UnsupportedBackup(path, `its table ${table.table} is not that of the schema`);
    await copyInto(client, table);
    totals.tables += 1;
    totals.rows += table.end().rows;
  }
  for (const { table, name, mode } of triggers)
    await client.query(`alter table ${table} enable ${mode} trigger ${name}`);
  for (const { table, name, definition } of keys)
    await client.query(`alter table ${table} add constraint ${quoted(name)} ${definition}`);
  for (const sequence of backup.header.sequences) await setSequence(client, sequence);
  return totals;
}

/** Replaces rows that a migration has inserted. */
async function copyInto(client: ClientBase, { table, columns, rows }: StoredTable): Promise<void> {
  await client.query(`delete from ${quoted(table)}`);
  const target = client.query(copyFrom(`copy ${quoted(table)} (${quotedList(columns)}) from stdin`));
  await pipeline(Readable.from(rows, { objectMode: false }), target);
}

async function setSequence(client: ClientBase, { name, value, isCalled }: SequenceState): Promise<void> {
  await client.query('select setval($1::regclass, $2, $3)', [quoted(name), value, isCalled]);
}

type ForeignKey = { table: string; name: string; definition: string };

/** Those of partitions follow from those of their parent. */
const FOREIGN_KEYS = `
  select conrelid::regclass::text as table, conname::text as name, pg_get_constraintdef(oid) as definition
  from pg_constraint
  where contype = 'f' and conparentid = 0 and connamespace = quote_ident(current_schema())::regnamespace
  order by 1, 2`;

type Trigger = { table: string; name: string; mode: string };

const TRIGGERS = `
  select t.tgrelid::regclass::text as table, quote_ident(t.tgname) as name,
    case t.tgenabled when 'A' then 'always' else '' end as mode
  from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where not t.tgisinternal and c.relnamespace = quote_ident(current_schema())::regnamespace
  order by 1, 2`;
