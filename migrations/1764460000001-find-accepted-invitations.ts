import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who asks where somebody's access came from asks for the invitations he took: a few among those of everybody. */
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
