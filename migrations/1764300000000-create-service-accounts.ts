import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Named principals that are not users, with their roles in workspaces. */
export class CreateServiceAccounts1764300000000 implements MigrationInterface {
  name = 'CreateServiceAccounts1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table service_account_workspaces, service_accounts');
  }
}

const TABLES = [
  `create table service_accounts (
    id uuid not null,
    org_id uuid not null,
    name text not null,
    identity_id uuid not null,
    default_workspace_id uuid,
    created_at timestamptz not null default now(),
    constraint service_accounts_name_is_unique_in_org unique (org_id, name),
    constraint service_accounts_id_org_id_key unique (id, org_id),
    constraint service_accounts_pkey primary key (id),
    constraint service_accounts_org_id_fkey foreign key (org_id) references organizations(id) on delete cascade,
    constraint service_accounts_default_workspace_id_fkey
      foreign key (default_workspace_id) references workspaces(id) on delete set null)`,
  `create index service_accounts_default_workspace_id_idx on service_accounts (default_workspace_id)`,

  `create table service_account_workspaces (
    service_account_id uuid not null,
    workspace_id uuid not null,
    org_id uuid not null,
    role_id uuid not null,
    constraint service_account_workspaces_pkey primary key (service_account_id, workspace_id),
    constraint service_account_workspaces_service_account_id_org_id_fkey
      foreign key (service_account_id, org_id) references service_accounts(id, org_id) on delete cascade,
    constraint service_account_workspaces_workspace_id_org_id_fkey
      foreign key (workspace_id, org_id) references workspaces(id, org_id) on delete cascade,
    constraint service_account_workspaces_role_id_fkey
      foreign key (role_id) references roles(id) on delete restrict)`,
  `create index service_account_workspaces_by_workspace on service_account_workspaces (workspace_id, org_id)`,
  `create index service_account_workspaces_role_id_idx on service_account_workspaces (role_id)`,
];
