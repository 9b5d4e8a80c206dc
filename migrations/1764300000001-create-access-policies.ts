import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Policies that allow or deny permissions by resource tags, for the holders of a role. */
export class CreateAccessPolicies1764300000001 implements MigrationInterface {
  name = 'CreateAccessPolicies1764300000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table access_policy_roles, access_policies');
  }
}

const TABLES = [
  `create table access_policies (
    id uuid not null,
    org_id uuid not null,
    name text not null,
    description text not null,
    effect text not null,
    condition_groups jsonb not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint access_policies_name_is_unique_in_org unique (org_id, name),
    constraint access_policies_effect_is_known check (effect in ('allow', 'deny')),
    constraint access_policies_pkey primary key (id),
    constraint access_policies_org_id_fkey foreign key (org_id) references organizations(id) on delete cascade)`,

  `create table access_policy_roles (
    access_policy_id uuid not null,
    role_id uuid not null,
    created_at timestamptz not null default now(),
    constraint access_policy_roles_pkey primary key (access_policy_id, role_id),
    constraint access_policy_roles_access_policy_id_fkey
      foreign key (access_policy_id) references access_policies(id) on delete cascade,
    constraint access_policy_roles_role_id_fkey foreign key (role_id) references roles(id) on delete cascade)`,
  `create index access_policy_roles_role_id_idx on access_policy_roles (role_id)`,
];
