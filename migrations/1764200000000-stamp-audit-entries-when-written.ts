import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An entry's time is when it was written, not when its transaction began: that may be long before, waiting for an
 * organization's lock, and then entries would not be in the order of what happened. In milliseconds, as the API shows
 * it, so that bounds and cursors mean exactly what they say.
 */
export class StampAuditEntriesWhenWritten1764200000000 implements MigrationInterface {
  name = 'StampAuditEntriesWhenWritten1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table audit_entries
        alter column created_at type timestamptz(3),
        alter column created_at set default clock_timestamp()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table audit_entries
        alter column created_at type timestamptz,
        alter column created_at set default now()`);
  }
}
