import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';

/** By name, from `on` on. */
export type ConcurrentIndexes = Readonly<Record<string, string | { readonly unique: string }>>;

/** A file in `migrations/`. Applied in one transaction, but for `concurrentIndexes`. */
export interface Migration extends MigrationInterface {
  readonly name: string;
  /**
   * True if servers whose version does not have this migration cannot work with the schema: they refuse to start then.
   * Absent: they can, as during a rolling restart.
   */
  readonly breaksOlderVersions?: boolean;
  /** Why `down` cannot restore what there was before; `migrate:down` refuses with this sentence. Absent: it can. */
  readonly irreversible?: string;
  /** Earlier migrations that it stands for, in their order: it is recorded under their names. Absent: its own. */
  readonly replaces?: readonly string[];
  /** Built before the transaction of `up`, while the table is written to; `up` creates them `if not exists`. */
  readonly concurrentIndexes?: ConcurrentIndexes;
  /**
   * The changes, in the words of `npm run check:migrations`, that remove or forbid something, and why servers of the
   * previous release work with them: nothing uses it since a commit or tag, or another reason.
   */
  readonly contract?: Readonly<Record<string, { unusedSince: string } | { harmlessBecause: string }>>;
}

/** The 13 digits at the end of its name. */
export const timestampOf = ({ name }: { name: string }): number => Number(name.slice(-13));

/** The migrations of the data source, oldest first. */
export const migrationsOf = ({ migrations }: DataSource): Migration[] =>
  (migrations as Migration[]).toSorted((a, b) => timestampOf(a) - timestampOf(b));

/** The names under which it is recorded. */
export const recordedNames = ({ name, replaces = [name] }: Migration): readonly string[] => replaces;

export const isApplied = (migration: Migration, applied: ReadonlySet<string>): boolean =>
  recordedNames(migration).every((name) => applied.has(name));

/** The first migration that was not applied although others were that are replaced together with it. */
export function findMissingMigration(
  migrations: readonly Migration[],
  applied: ReadonlySet<string>,
): string | undefined {
  const begun = migrations.map(recordedNames).filter((names) => names.some((name) => applied.has(name)));
  return begun.flat().find((name) => !applied.has(name));
}

/** The first of these names that no migration of the data source has: it is of a newer version. */
export function findUnknownMigration(dataSource: DataSource, names: readonly string[]): string | undefined {
  const known = new Set(migrationsOf(dataSource).flatMap(recordedNames));
  return names.find((name) => !known.has(name));
}

/** The key of the advisory lock that only one process holds while it changes the schema. */
export const MIGRATION_LOCK = "hashtextextended('migrations', 0)";

/** As TypeORM creates it, and what a migration declares. */
const CREATE_TABLE = `
  create table if not exists migrations (
    id serial constraint "PK_8c82d7f526340ab734260ea46be" primary key,
    timestamp bigint not null,
    name varchar not null,
    breaks_older_versions boolean not null default false
  )`;

const CREATE_TABLE_OF_FILES = `
  create table if not exists schema_files (
    name text not null constraint schema_files_pkey primary key,
    digest text not null,
    version text not null
  );
  comment on table schema_files is
    'Views, functions and triggers, by the file that has them: the text that was run last. A server whose text is another runs its own, unless its version is older.';
  comment on column schema_files.digest is 'SHA-256 of the text, in hexadecimal.';
  comment on column schema_files.version is 'Of the server that ran it.'`;

/** Creates the tables of what was applied. In the open transaction. */
export async function ensureMigrationsTable(runner: QueryRunner): Promise<void> {
  await runner.query(CREATE_TABLE);
  await runner.query(CREATE_TABLE_OF_FILES);
}

/** Undoes a migration and removes its record, in the open transaction. The files run again, since it may have changed what they create. */
export async function undoMigration(runner: QueryRunner, migration: Migration): Promise<void> {
  await migration.down(runner);
  await runner.query('delete from migrations where name = $1', [migration.name]);
  await runner.query('delete from schema_files');
}

/** Applies a migration and records it, in the open transaction. */
export async function applyMigration(runner: QueryRunner, migration: Migration): Promise<void> {
  await migration.up(runner);
  for (const name of recordedNames(migration))
    await runner.query(
      'insert into migrations (timestamp, name, breaks_older_versions) values ($1, $2, $3)',
      [timestampOf({ name }), name, migration.breaksOlderVersions ?? false],
    );
}
