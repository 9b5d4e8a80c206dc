import { readdirSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/data-source.js';
import { migrate, undoLastMigration } from '../../src/database/schema/migrate.js';
import type { MigrateOptions } from '../../src/database/schema/migration-runner.js';
import {
  applyMigration,
  ensureMigrationsTable,
  type Migration,
  migrationsOf,
  timestampOf,
} from '../../src/database/schema/migration.js';
import { findLastApplied, reversible } from '../../src/database/schema/schema-state.js';
import { cloneDatabase, emptyDatabase } from './test-database.js';

/**
 * The classes of all migrations. They are imported here, since the `import()` inside TypeORM may belong to an earlier
 * test file of the same Jest worker, and fails after the end of that one.
 */
async function migrations(): Promise<(new () => Migration)[]> {
  const folder = new URL('../../migrations/', import.meta.url);
  const modules = await Promise.all(
    readdirSync(folder)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => import(`../../migrations/${file}`) as Promise<Record<string, new () => Migration>>),
  );
  return modules.flatMap((module) => Object.values(module));
}

/** For `migrate` on the database of a data source. */
export const migrateOptions = ({ options }: DataSource): MigrateOptions => ({
  directUrl: (options as { url: string }).url,
  schema: null,
  migrationLockSeconds: 60,
  waitSeconds: 0,
  limits: { connectSeconds: 60, keepAliveSeconds: 0 },
  print: () => undefined,
  signal: new AbortController().signal,
});

/** A database of its own with all migrations applied, which can be undone and run again. */
export const migratedDatabase = async (): Promise<DataSource> =>
  connect(await cloneDatabase(), await migrations());

/** A database of its own that was empty before. */
export async function newlyMigratedDatabase(): Promise<DataSource> {
  const database = await connect(await emptyDatabase(), await migrations());
  await migrate(database, migrateOptions(database));
  return database;
}

/** The same in two steps: `continue` applies the migrations after the one of this name, and then the files. */
export async function databaseMigratedTo(
  name: string,
): Promise<{ database: DataSource; later: Migration[]; continue: () => Promise<void> }> {
  const database = await connect(await emptyDatabase(), await migrations());
  const isLater = (migration: Migration) => timestampOf(migration) > timestampOf({ name });
  const all = migrationsOf(database);
  await using runner = database.createQueryRunner();
  await ensureMigrationsTable(runner);
  for (const migration of all.filter((each) => !isLater(each))) {
    await runner.startTransaction();
    await applyMigration(runner, migration);
    await runner.commitTransaction();
  }
  const finish = () => migrate(database, migrateOptions(database));
  return { database, later: all.filter(isLater), continue: finish };
}

const connect = (url: string, classes: readonly (new () => Migration)[]): Promise<DataSource> =>
  createDataSource(url, 2)
    .setOptions({ migrations: [...classes] })
    .initialize();

/** Undoes the migration whose name begins with `name`, and all later ones. */
export async function undoMigration(database: DataSource, name: string): Promise<void> {
  for (;;) {
    const last = (await findLastApplied(database))!;
    await undoLastMigration(database, reversible(last, migrationsOf(database)), migrateOptions(database));
    if (last.startsWith(name)) return;
  }
}

/** Inserts a row by its columns. */
export const insertRow = (database: DataSource, table: string, row: object): Promise<unknown> =>
  database.query(
    `insert into ${table} (${Object.keys(row).join()}) values (${Object.keys(row).map((_, index) => `$${index + 1}`)})`,
    Object.values(row),
  );
