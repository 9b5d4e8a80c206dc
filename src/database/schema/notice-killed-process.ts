import type { QueryRunner } from 'typeorm';

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
