import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workspace roles, system roles included, that an organization restricts (docs/contract/roles.md#restricted-roles). */
export class CreateRoleRestrictions1764810000001 implements MigrationInterface {
  name = 'CreateRoleRestrictions1764810000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table role_restrictions (
        org_id uuid not null
          constraint role_restrictions_org_id_fkey references organizations on delete cascade,
        role_id uuid not null
          constraint role_restrictions_role_id_fkey references roles on delete cascade,
        created_at timestamptz not null default now(),
        constraint role_restrictions_pkey primary key (org_id, role_id)
      )`);
    await runner.query('create index role_restrictions_role_id_idx on role_restrictions (role_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table role_restrictions');
  }
}
