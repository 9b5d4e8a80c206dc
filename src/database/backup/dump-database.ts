import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { DataSource } from 'typeorm';
import { first } from '../../common/collections.js';
import { version } from '../../common/version.js';
import type { DatabaseClient } from '../connection/database-client.js';
import { findUnknownMigration } from '../schema/migration.js';
import type { BackupHeader, Fingerprints } from './backup-format.js';
import { OtherSchema } from './backup.errors.js';
import { migrationsIn, quoted, quotedList, rowsOf, sequencesIn, type Table, tablesIn } from './catalog.js';
import type { TableContent } from './encode-backup.js';
import { LEFT_OUT } from './left-out.js';
import { withRunner } from './with-runner.js';

/** A consistent view of the database, while `dumpDatabase` runs. */
export type Dump = { readonly header: BackupHeader; readonly tables: AsyncIterable<TableContent> };

/** What of the database is copied; `migrations` in the order in which they were run. */
type Snapshot = { readonly migrations: readonly string[]; readonly tables: readonly Table[] };

/** Text that every PostgreSQL reads alike, whatever the server's settings are; and no limit for the locks. */
const SETTINGS = `set local lock_timeout = 0;
  set local datestyle = iso; set local intervalstyle = postgres; set local timezone = utc;
  set local bytea_output = hex; set local extra_float_digits = 3`;

/**
 * Calls `write` with everything of the database, as one snapshot. Servers continue to read and write; a migration waits
 * for the end.
 *
 * @throws OtherSchema
 */
export async function dumpDatabase(
  dataSource: DataSource,
  secrets: Fingerprints,
  write: (dump: Dump) => Promise<void>,
): Promise<void> {
  await withRunner(dataSource, async (runner) => {
    const client = (await runner.connect()) as DatabaseClient;
    try {
      const snapshot = await beginSnapshot(client, dataSource);
      const header = await headerOf(client, snapshot, secrets);
      await write({ header, tables: copyAll(client, snapshot.tables) });
      await client.query('commit');
    } catch (error) {
      client.destroy(); // a COPY that was given up would be read to its end
      throw error;
    }
  });
}

/**
 * The locks come first: the snapshot is taken by the first query after them, so no table can be altered or rewritten
 * between the snapshot and its COPY (PostgreSQL, LOCK).
 */
async function beginSnapshot(client: ClientBase, dataSource: DataSource): Promise<Snapshot> {
  const names = dataSource.entityMetadatas.map(({ tableName }) => tableName);
  await client.query(`begin isolation level repeatable read read only; ${SETTINGS}`);
  await client.query(`lock table migrations, ${quotedList(names)} in access share mode`);
  const migrations = await migrationsIn(client);
  assertKnown(dataSource, migrations);
  const own = new Set(names);
  const tables = (await tablesIn(client)).filter(
    ({ name }) => own.has(name) && !Object.hasOwn(LEFT_OUT, name),
  );
  return { migrations, tables };
}

/** A newer schema may have tables that this version does not know. */
function assertKnown(dataSource: DataSource, applied: readonly string[]): void {
  const unknown = findUnknownMigration(dataSource, applied);
  if (unknown) throw new OtherSchema(`it has the migration ${unknown} of a newer version; use that one`);
}

async function headerOf(
  client: ClientBase,
  { migrations, tables }: Snapshot,
  secrets: Fingerprints,
): Promise<BackupHeader> {
  const server = first(
    await rowsOf<{ postgres: string; now: string }>(
      client,
      `select current_setting('server_version') as postgres, to_json(now()) #>> '{}' as now`,
    ),
  );
  return {
    application: version,
    postgres: server.postgres,
    createdAt: server.now,
    migrations,
    tables: tables.map(({ name }) => name),
    leftOut: LEFT_OUT,
    sequences: await sequencesIn(client),
    secrets,
  };
}

async function* copyAll(client: ClientBase, tables: readonly Table[]): AsyncGenerator<TableContent> {
  for (const { name, columns } of tables) {
    const rows = client.query(copyTo(`copy (select ${quotedList(columns)} from ${quoted(name)}) to stdout`));
    yield { table: name, columns, rows };
  }
}
