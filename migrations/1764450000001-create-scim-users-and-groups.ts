import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The SCIM users and groups of an organization, and the members of the groups. */
export class CreateScimUsersAndGroups1764450000001 implements MigrationInterface {
  name = 'CreateScimUsersAndGroups1764450000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table scim_group_members, scim_groups, scim_users');
  }
}

/** In byte order, so that prefix searches use the index in every locale. */
const withoutCase = (expression: string) => `(lower(${expression}) collate "C")`;

const STATEMENTS = [
  `create table scim_users (
    id uuid not null,
    org_id uuid not null,
    user_id uuid not null,
    made_account boolean not null,
    user_name text not null,
    external_id text,
    emails text array not null,
    attributes jsonb not null,
    version integer not null default 1,
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz(3) not null default now(),
    constraint scim_users_one_per_member unique (org_id, user_id),
    constraint scim_users_one_per_external_id unique (org_id, external_id),
    constraint scim_users_id_org_id_key unique (id, org_id),
    constraint scim_users_have_an_email check (cardinality(emails) > 0),
    constraint scim_users_pkey primary key (id),
    constraint scim_users_org_id_user_id_fkey
      foreign key (org_id, user_id) references org_memberships(org_id, user_id) on delete cascade,
    constraint scim_users_user_id_fkey foreign key (user_id) references users(id) on delete cascade)`,
  `create index scim_users_user_id_idx on scim_users (user_id)`,
  `create index scim_users_by_age on scim_users (org_id, created_at, id)`,
  `create index scim_users_by_change on scim_users (org_id, updated_at, id)`,
  `create unique index scim_users_one_per_user_name on scim_users (org_id, ${withoutCase('user_name')})`,
  `create index scim_users_by_display_name on scim_users (org_id, ${withoutCase(`attributes ->> 'displayName'`)})`,
  `create index scim_users_by_family_name on scim_users (org_id, ${withoutCase(`attributes -> 'name' ->> 'familyName'`)})`,
  `create index scim_users_by_given_name on scim_users (org_id, ${withoutCase(`attributes -> 'name' ->> 'givenName'`)})`,
  `create index scim_users_by_email on scim_users using gin (emails)`,
  `create table scim_groups (
    id uuid not null,
    org_id uuid not null,
    display_name text not null,
    external_id text,
    kind text not null,
    org_role text,
    workspace_id uuid,
    role_id uuid,
    version integer not null default 1,
    created_at timestamptz(3) not null default now(),
    updated_at timestamptz(3) not null default now(),
    constraint scim_groups_one_per_name unique (org_id, display_name),
    constraint scim_groups_one_per_external_id unique (org_id, external_id),
    constraint scim_groups_id_org_id_key unique (id, org_id),
    constraint scim_groups_kind_is_known check (kind in ('admin', 'workspace', 'malformed', 'unknown', 'ambiguous')),
    constraint scim_groups_of_workspaces_name_a_role check ((kind = 'workspace') = (role_id is not null)),
    constraint scim_groups_pkey primary key (id),
    constraint scim_groups_org_id_fkey foreign key (org_id) references organizations(id) on delete cascade,
    constraint scim_groups_workspace_id_fkey foreign key (workspace_id) references workspaces(id) on delete set null,
    constraint scim_groups_role_id_fkey foreign key (role_id) references roles(id) on delete restrict)`,
  `create index scim_groups_workspace_id_idx on scim_groups (workspace_id)`,
  `create index scim_groups_role_id_idx on scim_groups (role_id)`,
  `create index scim_groups_by_age on scim_groups (org_id, created_at, id)`,
  `create index scim_groups_by_name on scim_groups (org_id, ${withoutCase('display_name')})`,
  `create table scim_group_members (
    group_id uuid not null,
    scim_user_id uuid not null,
    org_id uuid not null,
    constraint scim_group_members_pkey primary key (group_id, scim_user_id),
    constraint scim_group_members_group_id_org_id_fkey
      foreign key (group_id, org_id) references scim_groups(id, org_id) on delete cascade,
    constraint scim_group_members_scim_user_id_org_id_fkey
      foreign key (scim_user_id, org_id) references scim_users(id, org_id) on delete cascade)`,
  `create index scim_group_members_by_user on scim_group_members (scim_user_id, org_id)`,
];
