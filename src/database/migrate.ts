import { type DataSource, MigrationExecutor } from 'typeorm';
import { withoutLimits } from './without-limits.js';

/** @throws Error with a message for the operator, since only a starting server changes the schema */
export async function assertMigrated(dataSource: DataSource): Promise<void> {
  const [{ isThere }] = await dataSource.query(`select to_regclass('migrations') is not null as "isThere"`);
  const done: { name: string }[] = isThere ? await dataSource.query('select name from migrations') : [];
  const names = new Set(done.map(({ name }) => name));
  if (dataSource.migrations.every(({ name }) => names.has(name!))) return;
  throw new Error('The database schema is not that of this version; start the server once to migrate it.');
}

/** Runs the pending migrations, one replica at a time: the others wait and then find none. */
export async function migrate(dataSource: DataSource): Promise<void> {
  await withoutLimits(dataSource, async (runner) => {
    await runner.query(`select pg_advisory_lock(hashtextextended('migrations', 0))`);
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = 'each';
    await executor.executePendingMigrations();
    await runner.query(`select pg_advisory_unlock(hashtextextended('migrations', 0))`);
  });
}
