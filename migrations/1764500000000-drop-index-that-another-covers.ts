import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `roles_display_name_is_unique_in_org` starts with the same column. */
export class DropIndexThatAnotherCovers1764500000000 implements MigrationInterface {
  name = 'DropIndexThatAnotherCovers1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop index roles_org_id_idx');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('create index roles_org_id_idx on roles (org_id)');
  }
}
