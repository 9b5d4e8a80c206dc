import type { DataSource, QueryRunner } from 'typeorm';

/** Runs `work` on a connection of its own. Commands have no limit for statements; `work` lifts that for locks. */
export async function withRunner<T>(
  dataSource: DataSource,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    return await work(runner);
  } finally {
    await runner.release();
  }
}
