import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Index for the latest role change of a member, which explains their access: few rows among very many entries. */
export class FindRoleChanges1764420000001 implements MigrationInterface {
  name = 'FindRoleChanges1764420000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index audit_entries_role_changes on audit_entries (org_id, created_at)
      where operation in ('update_org_member', 'update_workspace_member')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index audit_entries_role_changes');
  }
}
