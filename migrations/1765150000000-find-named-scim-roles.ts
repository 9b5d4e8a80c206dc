import type { MigrationInterface, QueryRunner } from 'typeorm';

const INDEXES = {
  scim_users_by_named_roles: `on scim_users (org_id, id) where attributes @? '$.roles[*].value ? (@ like_regex "/")'`,
};

/** For values of `roles` that are kept by name, and get an effect when the name comes to mean something. */
export class FindNamedScimRoles1765150000000 implements MigrationInterface {
  name = 'FindNamedScimRoles1765150000000';
  readonly concurrentIndexes = INDEXES;

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, definition] of Object.entries(INDEXES))
      await runner.query(`create index if not exists ${name} ${definition}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index scim_users_by_named_roles');
  }
}
