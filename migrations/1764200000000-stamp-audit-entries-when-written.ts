import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Sets an entry's time when it is written, not when its transaction began, which may have waited long for an
 * organization's lock: entries would be out of order. In milliseconds, as the API shows it, so that bounds and cursors
 * are exact.
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
