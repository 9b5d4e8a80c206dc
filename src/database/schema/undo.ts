import type { Migration } from './migration.js';
import { MigrationCannotBeUndone } from './schema.errors.js';
import { hasMigrationsTable, type Queryable } from './schema-state.js';

/** The name of the migration that was applied last, or null if none is. */
export async function findLastApplied(database: Queryable): Promise<string | null> {
  if (!(await hasMigrationsTable(database))) return null;
  const [last] = (await database.query('select name from migrations order by id desc limit 1')) as [
    { name: string }?,
  ];
  return last?.name ?? null;
}

/**
 * The migration of this name.
 *
 * @throws MigrationCannotBeUndone if this version does not have it, or it declares itself irreversible
 */
export function reversible(name: string, migrations: readonly Migration[]): Migration {
  const migration = migrations.find((each) => each.name === name);
  if (!migration)
    throw new MigrationCannotBeUndone(
      name,
      'a newer version has applied it; run this command with that version.',
    );
  if (migration.irreversible !== undefined) throw new MigrationCannotBeUndone(name, migration.irreversible);
  return migration;
}
