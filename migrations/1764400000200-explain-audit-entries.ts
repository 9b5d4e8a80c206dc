import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Some entries explain themselves: a login says by which rule it was decided. */
export class ExplainAuditEntries1764400000200 implements MigrationInterface {
  name = 'ExplainAuditEntries1764400000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table audit_entries add column details jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table audit_entries drop column details');
  }
}
