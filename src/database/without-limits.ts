import type { DataSource, QueryRunner } from 'typeorm';
import type { DatabaseClient } from './database-client.js';

const LIFT = 'set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0';
const RESTORE = 'reset statement_timeout; reset lock_timeout; reset idle_in_transaction_session_timeout';

/** `work` on a connection of its own that may take as long as it takes: requests have limits, migrations have none. */
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
    await runner.query(RESTORE).catch(() => client.destroy()); // after a failure it may be of no more use
    client.limitSilence();
    await runner.release();
  }
}
