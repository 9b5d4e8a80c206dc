import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Fills the columns of existing memberships. The condition leaves out what a trigger writes at the same moment, which is
 * newer. A transaction of its own: it locks rows, and no table.
 */
export class FillNamesOfMemberships1764850000001 implements MigrationInterface {
  name = 'FillNamesOfMemberships1764850000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['org_memberships', 'workspace_memberships'])
      await runner.query(`
        update ${table} m set user_email = u.email, user_full_name = u.full_name
        from users u where u.id = m.user_id and m.user_email = ''`);
  }

  /** The columns keep their values, until the previous migration is undone. */
  async down(): Promise<void> {}
}
