import type { DataSource, QueryRunner } from 'typeorm';
import type { DatabaseClient } from './database-client.js';

const LIFT = 'set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0';
const RESTORE = 'reset statement_timeout; reset lock_timeout; reset idle_in_transaction_session_timeout';

/** Runs `work` on a separate connection without the time limits of requests, for migrations. */
export async function withoutLimits<T>(
  dataSource: DataSource,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  const client = (await runner.connect()) as DatabaseClient;
  client.allowSilence();
  try {
    await runner.query(LIFT);
    return await work(runner);
  } finally {
    await runner.query(RESTORE).catch(() => client.destroy()); // the connection may be broken after a failure
    client.limitSilence();
    await runner.release();
  }
}
