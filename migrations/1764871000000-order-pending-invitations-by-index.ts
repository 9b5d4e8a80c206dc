import type { MigrationInterface, QueryRunner } from 'typeorm';

const PENDING = `where status = 'pending'`;

const INDEXES = {
  invitations_pending_by_name: `on invitations (org_id, full_name, id) ${PENDING}`,
  // A search within addresses and names reads this index alone.
  invitations_pending_by_email: `on invitations (org_id, email, id) include (full_name, created_at, org_role_id) ${PENDING}`,
  invitations_by_role: 'on invitations (org_role_id, org_id, status, id)',
};

/** Indexes in the orders of the lists of pending invitations. */
export class OrderPendingInvitationsByIndex1764871000000 implements MigrationInterface {
  name = 'OrderPendingInvitationsByIndex1764871000000';
  readonly concurrentIndexes = INDEXES;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop index invitations_org_role_id_idx'); // begins as invitations_by_role
    for (const [name, definition] of Object.entries(INDEXES))
      await runner.query(`create index if not exists ${name} ${definition}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('create index invitations_org_role_id_idx on invitations (org_role_id)');
    for (const name of Object.keys(INDEXES)) await runner.query(`drop index ${name}`);
  }
}
