import { type DataSource, MigrationExecutor } from 'typeorm';
import { withoutLimits } from './without-limits.js';

/** @throws Error whose message is for the operator: only a server that starts changes the schema */
export async function assertMigrated(dataSource: DataSource): Promise<void> {
  const [{ isThere }] = await dataSource.query(`select to_regclass('migrations') is not null as "isThere"`);
  const done: { name: string }[] = isThere ? await dataSource.query('select name from migrations') : [];
  const names = new Set(done.map(({ name }) => name));
  if (dataSource.migrations.every(({ name }) => names.has(name!))) return;
  throw new Error(
    'The database is not what this version works on; start the server once, which brings it up to date.',
  );
}

/** Brings the schema up to date, one replica at a time: the others wait and then find nothing to do. */
export async function migrate(dataSource: DataSource): Promise<void> {
  await withoutLimits(dataSource, async (runner) => {
    await runner.query(`select pg_advisory_lock(hashtextextended('migrations', 0))`);
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = 'each';
    await executor.executePendingMigrations();
    await runner.query(`select pg_advisory_unlock(hashtextextended('migrations', 0))`);
  });
}
