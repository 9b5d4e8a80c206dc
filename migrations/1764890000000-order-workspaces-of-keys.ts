import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Service keys keep the order in which their workspaces were given (docs/contract/keys.md#creating-keys). Existing keys
 * have the same position in all of them, and are shown by the age of their workspaces, as before.
 */
export class OrderWorkspacesOfKeys1764890000000 implements MigrationInterface {
  name = 'OrderWorkspacesOfKeys1764890000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table api_key_workspaces add column position integer not null default 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table api_key_workspaces drop column position');
  }
}
