import type { DataSource } from 'typeorm';

/** Brings the schema up to date, one replica at a time: the others wait and then find nothing to do. */
export async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query(`select pg_advisory_lock(hashtextextended('migrations', 0))`);
    await dataSource.runMigrations();
    await runner.query(`select pg_advisory_unlock(hashtextextended('migrations', 0))`);
  } finally {
    await runner.release();
  }
}
