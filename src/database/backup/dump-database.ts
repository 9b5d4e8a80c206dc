import type { ClientBase } from 'pg';
import { type CopyToStreamQuery, to as copyTo } from 'pg-copy-streams';
import type { DataSource } from 'typeorm';
import { AdminCommandError } from '../../common/admin-commands.js';
import { first } from '../../common/collections.js';
import { version } from '../../common/version.js';
import type { DatabaseClient } from '../connection/database-client.js';
import { findUnknownMigration } from '../schema/migration.js';
import { type BackupHeader, encodeHeader, END_OF_TABLE } from './backup-content.js';
import { migrationsIn, quoted, quotedList, rowsOf, sequencesIn, tablesIn } from './catalog.js';
import type { Fingerprints } from './secret-fingerprints.js';

/**
 * Tables whose rows a backup does not contain, with the reason. They are empty after a restore, as are those without an entity:
 * optional parts of the server create them for what is running, and some are only named by servers of an earlier release.
 */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  break_glass_passwords: 'access for some hours, which may have been ended since',
  idempotency_keys: 'responses of the last day, which may contain new keys and passwords in encrypted form',
  migrations: 'written by the migrations that a restore runs',
  rate_windows: 'counters of the last minutes, at most an hour',
  schema_files: 'written when a restore creates views, functions and triggers',
  sessions: 'contain encrypted tokens of the identity provider, and may have been ended since',
  test_sign_ins: 'belong to sessions, and end after ten minutes',
};

/** The rows that a backup contains, where it does not contain all. Mails that wait have mostly been sent since. */
const KEPT: Readonly<Record<string, string>> = { mails: `state <> 'queued'` };

/** Text that every PostgreSQL reads alike, whatever the server's settings are; and no limit for the locks. */
const SETTINGS = `set local lock_timeout = 0;
  set local datestyle = iso; set local intervalstyle = postgres; set local timezone = utc;
  set local bytea_output = hex; set local extra_float_digits = 3`;

export type Totals = { readonly tables: number; readonly rows: number };

/**
 * Calls `write` with the content of a backup, which is one snapshot of the database. Servers continue to read and write;
 * a migration waits for the end.
 *
 * @throws AdminCommandError if the schema is not that of this version
 */
export async function dumpDatabase(
  dataSource: DataSource,
  secrets: Fingerprints,
  write: (content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<Totals> {
  await using runner = dataSource.createQueryRunner();
  const client = (await runner.connect()) as DatabaseClient;
  try {
    const migrations = await beginSnapshot(client, dataSource);
    const header = await headerOf(client, dataSource, { migrations, secrets });
    const copies: CopyToStreamQuery[] = [];
    await write(contentOf(client, header, copies));
    await client.query('commit'); // the numbers of rows have arrived by then
    return { tables: copies.length, rows: copies.reduce((sum, { rowCount }) => sum + rowCount, 0) };
  } catch (error) {
    client.destroy(); // a COPY that was given up would be read to its end
    throw error;
  }
}

const namesOf = (dataSource: DataSource) => dataSource.entityMetadatas.map(({ tableName }) => tableName);

/**
 * Returns the migrations of the schema. The locks come first: the snapshot is taken by the first query after them, so no
 * table can be altered or rewritten between the snapshot and its COPY (PostgreSQL, LOCK).
 */
async function beginSnapshot(client: ClientBase, dataSource: DataSource): Promise<string[]> {
  await client.query(`begin isolation level repeatable read read only; ${SETTINGS}`);
  await client.query(`lock table migrations, ${quotedList(namesOf(dataSource))} in access share mode`);
  const migrations = await migrationsIn(client);
  const unknown = findUnknownMigration(dataSource, migrations); // it may have added tables
  if (unknown)
    throw new AdminCommandError(
      'The database schema is not that of this version: ' +
        `it has the migration ${unknown} of a newer version; use that one.`,
    );
  return migrations;
}

async function headerOf(
  client: ClientBase,
  dataSource: DataSource,
  given: Pick<BackupHeader, 'migrations' | 'secrets'>,
): Promise<BackupHeader> {
  const own = new Set(namesOf(dataSource));
  const tables = await tablesIn(client);
  const others = tables.filter(({ name }) => !own.has(name));
  const server = first(
    await rowsOf<{ postgres: string; createdAt: string }>(
      client,
      `select current_setting('server_version') as postgres, to_json(now()) #>> '{}' as "createdAt"`,
    ),
  );
  return {
    application: version,
    ...server,
    ...given,
    tables: tables.filter(({ name }) => own.has(name) && !Object.hasOwn(LEFT_OUT, name)),
    leftOut: {
      ...Object.fromEntries(others.map(({ name }) => [name, 'what is running, or not used'])),
      ...LEFT_OUT,
    },
    sequences: await sequencesIn(client),
  };
}

async function* contentOf(
  client: ClientBase,
  header: BackupHeader,
  copies: CopyToStreamQuery[],
): AsyncGenerator<Buffer> {
  yield encodeHeader(header);
  for (const { name, columns } of header.tables) {
    const kept = KEPT[name] ?? 'true';
    const rows = client.query(
      copyTo(`copy (select ${quotedList(columns)} from ${quoted(name)} where ${kept}) to stdout`),
    );
    copies.push(rows);
    yield* rows as AsyncIterable<Buffer>;
    yield Buffer.from(END_OF_TABLE);
  }
}
