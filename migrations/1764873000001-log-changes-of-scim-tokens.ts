import type { MigrationInterface, QueryRunner } from 'typeorm';

/** SCIM tokens are cached as other credentials are: triggers log their changes (docs/decisions/0061). */
export class LogChangesOfScimTokens1764873000001 implements MigrationInterface {
  name = 'LogChangesOfScimTokens1764873000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LOG_CHANGES);
    for (const [event, rows] of Object.entries(TRIGGERS))
      await runner.query(`
        create trigger log_access_${event} after ${event} on scim_tokens ${rows}
          for each statement execute function log_scim_tokens_changes()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function log_scim_tokens_changes cascade');
  }
}

/** What decides access; `last_used_at` and the description may change without an entry. */
const COLUMNS = 'id, digest, org_id, makes_admins, created_by_user_id, expires_at';

/** An unknown token is not cached, so that a new one is not logged. */
const LOG_CHANGES = `
  create function log_scim_tokens_changes() returns trigger language plpgsql as $$
  begin
    case tg_op
      when 'UPDATE' then perform log_access_changes(array(
        select distinct id from (select ${COLUMNS} from old_rows except select ${COLUMNS} from new_rows) r));
      when 'DELETE' then perform log_access_changes(array(select id from old_rows));
      else perform log_access_changes(array['00000000-0000-0000-0000-000000000000'::uuid]);
    end case;
    return null;
  end $$`;

const TRIGGERS = {
  update: 'referencing old table as old_rows new table as new_rows',
  delete: 'referencing old table as old_rows',
  truncate: '',
};
