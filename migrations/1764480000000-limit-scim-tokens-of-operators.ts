import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens that exist keep what they could do: who could have made admins when they were made is not known any more. */
export class LimitScimTokensOfOperators1764480000000 implements MigrationInterface {
  name = 'LimitScimTokensOfOperators1764480000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table scim_tokens add column makes_admins boolean not null default true');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table scim_tokens drop column makes_admins');
  }
}
