import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Index for the invitations that a member has accepted, which explain their access: few rows among all invitations. */
export class FindAcceptedInvitations1764460000001 implements MigrationInterface {
  name = 'FindAcceptedInvitations1764460000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index invitations_accepted_by_email on invitations (org_id, email) where status = 'accepted'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index invitations_accepted_by_email');
  }
}
