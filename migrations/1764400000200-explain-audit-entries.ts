import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Details of an audit entry, such as the rule by which a login was decided. */
export class ExplainAuditEntries1764400000200 implements MigrationInterface {
  name = 'ExplainAuditEntries1764400000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table audit_entries add column details jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table audit_entries drop column details');
  }
}
