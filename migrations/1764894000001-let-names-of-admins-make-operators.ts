import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whether an Organization Admin set the name of a workspace: only then do group names with it make operators
 * (docs/contract/scim.md#group-names). Existing names count, and so do those that servers of the previous release write.
 */
export class LetNamesOfAdminsMakeOperators1764894000001 implements MigrationInterface {
  name = 'LetNamesOfAdminsMakeOperators1764894000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table workspaces add column name_set_by_admin boolean not null default true');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table workspaces drop column name_set_by_admin');
  }
}
