import type { QueryRunner } from 'typeorm';
import { migrationsOf } from '../schema/migration.js';
import { applyMigration, ensureMigrationsTable } from '../schema/migrations-table.js';

/** Runs these migrations, oldest first, in the open transaction of an empty database. */
export async function applyMigrations(runner: QueryRunner, names: readonly string[]): Promise<void> {
  await ensureMigrationsTable(runner);
  const wanted = new Set(names);
  for (const migration of migrationsOf(runner.connection))
    if (wanted.has(migration.name)) await applyMigration(runner, migration);
}
