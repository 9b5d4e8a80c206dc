import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether API keys and personal access tokens may create keys (docs/contract/keys.md#keys-made-with-keys). */
export class LetOrganizationsForbidKeyCreationByKeys1764810000003 implements MigrationInterface {
  name = 'LetOrganizationsForbidKeyCreationByKeys1764810000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table organizations
        add column api_key_creation_from_api_keys_enabled boolean not null default true`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table organizations drop column api_key_creation_from_api_keys_enabled');
  }
}
