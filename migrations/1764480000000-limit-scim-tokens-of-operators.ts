import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Existing tokens stay unlimited: the role of their creators at the time is unknown. */
export class LimitScimTokensOfOperators1764480000000 implements MigrationInterface {
  name = 'LimitScimTokensOfOperators1764480000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table scim_tokens add column makes_admins boolean not null default true');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table scim_tokens drop column makes_admins');
  }
}
