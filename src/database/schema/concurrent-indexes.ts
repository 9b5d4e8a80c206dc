import type { DataSource, QueryRunner } from 'typeorm';
import type { ConcurrentIndexes } from './migration.js';

const STATE = `select indisvalid as "isValid" from pg_index where indexrelid = to_regclass($1)`;

/**
 * Builds indexes that are missing, without making writes to the table wait; it waits itself for the transactions that use the
 * table. The caller holds the lock of migrations on another connection, in a transaction that has no snapshot.
 */
export async function buildConcurrently(dataSource: DataSource, indexes: ConcurrentIndexes): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await noticeKilledProcess(runner, 'session');
    for (const [name, definition] of Object.entries(indexes)) await build(runner, name, definition);
  } finally {
    await runner.release();
  }
}

async function build(
  runner: QueryRunner,
  name: string,
  definition: ConcurrentIndexes[string],
): Promise<void> {
  const [found] = (await runner.query(STATE, [name])) as { isValid: boolean }[];
  if (found?.isValid) return;
  if (found) await runner.query(`drop index concurrently ${name}`); // left by a killed process
  const [kind, from] =
    typeof definition === 'string' ? ['index', definition] : ['unique index', definition.unique];
  await runner.query(`create ${kind} concurrently ${name} ${from}`);
}

/**
 * PostgreSQL ends the statement of a killed process within two seconds, so that another one can take over. Some systems
 * cannot check connections and refuse the setting.
 */
export async function noticeKilledProcess(
  runner: QueryRunner,
  duration: 'transaction' | 'session',
): Promise<void> {
  await runner.query(`
    do $$ begin
      perform set_config('client_connection_check_interval', '2s', ${duration === 'transaction'});
    exception when others then null; end $$`);
}
