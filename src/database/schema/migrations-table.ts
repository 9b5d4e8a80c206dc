import type { QueryRunner } from 'typeorm';
import { type Migration, timestampOf } from './migration.js';

/** The key of the advisory lock that only one process holds while it changes the schema. */
export const MIGRATION_LOCK = "hashtextextended('migrations', 0)";

/** As TypeORM creates it, and what a migration declares. */
const CREATE_TABLE = `
  create table if not exists migrations (
    id serial constraint "PK_8c82d7f526340ab734260ea46be" primary key,
    timestamp bigint not null,
    name varchar not null
  )`;
const HAS_COLUMN = `
  select exists (
    select from pg_attribute where attrelid = to_regclass('migrations') and attname = 'breaks_older_versions'
  ) as "isThere"`;
const ADD_COLUMN = 'alter table migrations add column breaks_older_versions boolean not null default false';

/** Creates the table of applied migrations, or adds to it what this version needs. In the open transaction. */
export async function ensureMigrationsTable(runner: QueryRunner): Promise<void> {
  await runner.query(CREATE_TABLE);
  const [{ isThere }] = (await runner.query(HAS_COLUMN)) as [{ isThere: boolean }];
  if (!isThere) await runner.query(ADD_COLUMN);
}

/** Undoes a migration and removes its record, in the open transaction. */
export async function undoMigration(runner: QueryRunner, migration: Migration): Promise<void> {
  await migration.down(runner);
  await runner.query('delete from migrations where name = $1', [migration.name]);
}

/** Applies a migration and records it, in the open transaction. */
export async function applyMigration(runner: QueryRunner, migration: Migration): Promise<void> {
  await migration.up(runner);
  await runner.query('insert into migrations (timestamp, name, breaks_older_versions) values ($1, $2, $3)', [
    timestampOf(migration),
    migration.name,
    migration.breaksOlderVersions ?? false,
  ]);
}
