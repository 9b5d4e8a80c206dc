import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The order of the list of user groups; `user_groups_by_name` stays for the previous release. */
export class SortUserGroupsWithoutCase1764890000001 implements MigrationInterface {
  name = 'SortUserGroupsWithoutCase1764890000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index user_groups_by_lower_name on user_groups (org_id, lower(name), id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index user_groups_by_lower_name');
  }
}
