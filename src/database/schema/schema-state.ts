import { findMissingMigration, isApplied, type Migration, recordedNames } from './migration.js';
import { type AppliedFile, SCHEMA_FILES, type SchemaFile } from './schema-files.js';
import { SchemaTooNew, SchemaTooOld } from './schema-state.errors.js';

type Applied = { name: string; breaksOlderVersions: boolean };

type Queryable = { query: (text: string) => Promise<unknown> };

/** How the schema of a database differs from that of this version. */
export type SchemaState = {
  /** Not applied yet: migrations, oldest first, and then the files whose text has changed. */
  pending: readonly (Migration | SchemaFile)[];
  /** Names of compatible migrations that a newer version has applied, oldest first. */
  newer: readonly string[];
};

/**
 * @throws SchemaTooNew if a newer version has applied a migration that this version cannot work with
 * @throws SchemaTooOld
 */
export async function readSchemaState(
  database: Queryable,
  migrations: readonly Migration[],
): Promise<SchemaState> {
  const applied = await readApplied(database);
  const known = new Set(migrations.flatMap(recordedNames));
  const newer = applied.filter(({ name }) => !known.has(name));
  const breaking = newer.findLast(({ breaksOlderVersions }) => breaksOlderVersions);
  if (breaking) throw new SchemaTooNew(breaking.name);
  const names = new Set(applied.map(({ name }) => name));
  const missing = findMissingMigration(migrations, names);
  if (missing !== undefined) throw new SchemaTooOld(missing);
  const files = await readAppliedFiles(database);
  return {
    pending: [
      ...migrations.filter((migration) => !isApplied(migration, names)),
      ...SCHEMA_FILES.filter((file) => file.isOutdated(files)),
    ],
    newer: newer.map(({ name }) => name),
  };
}

/** False for an empty database. */
async function hasTable(database: Queryable, name: 'migrations' | 'schema_files'): Promise<boolean> {
  const [{ isThere }] = (await database.query(`select to_regclass('${name}') is not null as "isThere"`)) as [
    { isThere: boolean },
  ];
  return isThere;
}

async function readAppliedFiles(database: Queryable): Promise<AppliedFile[]> {
  if (!(await hasTable(database, 'schema_files'))) return [];
  return (await database.query('select name, digest, version from schema_files')) as AppliedFile[];
}

/** The column is absent where no version that knows it has migrated yet. */
async function readApplied(database: Queryable): Promise<Applied[]> {
  if (!(await hasTable(database, 'migrations'))) return [];
  return (await database.query(
    `select name, coalesce((to_jsonb(m) ->> 'breaks_older_versions')::boolean, false) as "breaksOlderVersions"
     from migrations m order by timestamp`,
  )) as Applied[];
}

/** The name of the migration that was applied last, or null if none is. */
export async function findLastApplied(database: Queryable): Promise<string | null> {
  if (!(await hasTable(database, 'migrations'))) return null;
  const [last] = (await database.query('select name from migrations order by id desc limit 1')) as [
    { name: string }?,
  ];
  return last?.name ?? null;
}

/** The refusal of `migrate:down` to undo the migration that was applied last. */
export const cannotBeUndone = (migration: string, reason: string): Error =>
  new Error(`the migration ${migration} cannot be undone: ${reason}`);

/**
 * The migration of this name.
 *
 * @throws Error if this version does not have it, or it declares itself irreversible
 */
export function reversible(name: string, migrations: readonly Migration[]): Migration {
  const migration = migrations.find((each) => recordedNames(each).includes(name));
  if (!migration)
    throw cannotBeUndone(name, 'a newer version has applied it; run this command with that version.');
  if (migration.irreversible !== undefined) throw cannotBeUndone(name, migration.irreversible);
  return migration;
}
