import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes in the orders of the member lists: `user_full_name`, `user_email` in byte order, and role. */
export class OrderMembersByIndex1764850000002 implements MigrationInterface {
  name = 'OrderMembersByIndex1764850000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('lock table org_memberships, workspace_memberships'); // the lock that \`drop index\` needs
    for (const [table, owner] of TABLES) {
      await runner.query(`create index ${table}_by_name on ${table} (${owner}, user_full_name, id)`);
      await runner.query(`create index ${table}_by_email on ${table} (${owner}, user_email collate "C", id)`);
    }
    await runner.query('drop index org_memberships_by_role');
    await runner.query('create index org_memberships_by_role on org_memberships (org_id, role_id, id)');
    await runner.query(
      'create index workspace_memberships_by_role on workspace_memberships (workspace_id, role_id, id)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index workspace_memberships_by_role');
    await runner.query('drop index org_memberships_by_role');
    await runner.query('create index org_memberships_by_role on org_memberships (org_id, role_id)');
    for (const [table] of TABLES) await runner.query(`drop index ${table}_by_email, ${table}_by_name`);
  }
}

const TABLES = [
  ['org_memberships', 'org_id'],
  ['workspace_memberships', 'workspace_id'],
] as const;
