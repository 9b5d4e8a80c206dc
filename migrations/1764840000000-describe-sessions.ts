import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What users see of their sessions (docs/contract/sign-in.md#own-sessions). */
export class DescribeSessions1764840000000 implements MigrationInterface {
  name = 'DescribeSessions1764840000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table sessions
        add column user_agent text,
        add column client_host text,
        add column last_used_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table sessions drop column user_agent, drop column client_host, drop column last_used_at',
    );
  }
}
