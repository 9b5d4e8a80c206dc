import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Roles and workspaces of members who join by single sign-on, and the metadata of the organization's provider. */
export class CreateSsoSettings1764100000001 implements MigrationInterface {
  name = 'CreateSsoSettings1764100000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, ...ONE_DEFAULT_REMAINS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table sso_default_workspaces, sso_settings');
    await runner.query('drop function keep_a_default_workspace');
  }
}

const TABLES = [
  `create table sso_settings (
    id uuid not null,
    org_id uuid not null,
    provider_id uuid not null,
    default_workspace_role_id uuid not null,
    sso_groups_enabled boolean not null default false,
    sso_groups_claim_field text not null default 'groups',
    sso_groups_required boolean not null default false,
    sso_groups_role_sync_enabled boolean not null default true,
    metadata_url text,
    metadata_xml text,
    attribute_mapping jsonb,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint sso_settings_one_per_org unique (org_id),
    constraint sso_settings_id_org_id_key unique (id, org_id),
    constraint sso_settings_one_metadata_source check (metadata_url is null or metadata_xml is null),
    constraint sso_settings_pkey primary key (id),
    constraint sso_settings_org_id_fkey foreign key (org_id) references organizations(id) on delete cascade,
    constraint sso_settings_default_workspace_role_id_fkey
      foreign key (default_workspace_role_id) references roles(id) on delete restrict)`,
  `create index sso_settings_default_workspace_role_id_idx on sso_settings (default_workspace_role_id)`,

  `create table sso_default_workspaces (
    settings_id uuid not null,
    workspace_id uuid not null,
    org_id uuid not null,
    constraint sso_default_workspaces_pkey primary key (settings_id, workspace_id),
    constraint sso_default_workspaces_settings_id_org_id_fkey
      foreign key (settings_id, org_id) references sso_settings(id, org_id) on delete cascade,
    constraint sso_default_workspaces_workspace_id_org_id_fkey
      foreign key (workspace_id, org_id) references workspaces(id, org_id) on delete cascade)`,
  `create index sso_default_workspaces_by_workspace on sso_default_workspaces (workspace_id, org_id)`,
];

/**
 * Refuses, on every path (the cascade of a deleted workspace included), to remove the last default workspace of
 * existing settings; an organization's settings are deleted with it. The row lock serializes two such deletions.
 */
const ONE_DEFAULT_REMAINS = [
  `create function keep_a_default_workspace() returns trigger language plpgsql as $$
  begin
    perform from sso_settings where id in (select settings_id from old_rows) order by id for update;
    if exists (
      select from sso_settings s join organizations o on o.id = s.org_id
      where s.id in (select settings_id from old_rows)
        and not exists (select from sso_default_workspaces d where d.settings_id = s.id))
    then
      raise exception 'single sign-on settings need a default workspace'
        using errcode = 'restrict_violation', constraint = 'sso_default_workspaces_one_remains';
    end if;
    return null;
  end $$`,
  `create trigger one_default_remains after delete on sso_default_workspaces
    referencing old table as old_rows for each statement execute function keep_a_default_workspace()`,
];
