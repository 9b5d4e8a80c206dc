import { MigrationExecutor, type QueryRunner } from 'typeorm';

/** Runs these migrations, oldest first, in the open transaction of an empty database. */
export async function applyMigrations(runner: QueryRunner, names: readonly string[]): Promise<void> {
  const executor = new MigrationExecutor(runner.connection, runner);
  const wanted = new Set(names);
  for (const migration of await executor.getPendingMigrations())
    if (wanted.has(migration.name)) await executor.executeMigration(migration);
}
