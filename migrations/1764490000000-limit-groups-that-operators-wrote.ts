import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Existing groups keep their grants: the role of their creators at the time is unknown. */
export class LimitGroupsThatOperatorsWrote1764490000000 implements MigrationInterface {
  name = 'LimitGroupsThatOperatorsWrote1764490000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table scim_groups add column makes_admins boolean not null default true');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table scim_groups drop column makes_admins');
  }
}
