import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * User groups (docs/contract/user-groups.md, docs/decisions/0075). A grant of a role in a workspace and the workspace's
 * child group are one row of `user_groups`. The triggers keep `user_group_roles`, which recognizes a caller with one
 * look-up, however many groups they are in.
 */
export class CreateUserGroups1764820000000 implements MigrationInterface {
  name = 'CreateUserGroups1764820000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table organizations add column can_use_user_groups boolean not null default true',
    );
    for (const statement of [GROUPS, ...GROUP_INDEXES, MEMBERS, MEMBERS_BY_USER, ROLES, ROLES_BY_WORKSPACE])
      await runner.query(statement);
    for (const statement of [POLICIES, ...POLICY_INDEXES, ...TRIGGERS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['user_group_policies', 'user_group_roles', 'user_group_members', 'user_groups'])
      await runner.query(`drop table ${table}`);
    for (const [name] of FUNCTIONS) await runner.query(`drop function ${name}`);
    await runner.query('alter table organizations drop column can_use_user_groups');
  }
}

const GROUPS = `
  create table user_groups (
    id uuid not null,
    org_id uuid not null,
    name text not null,
    description text not null default '',
    idp_group_name text,
    idp_sync_enabled boolean not null default false,
    parent_user_group_id uuid,
    workspace_id uuid,
    role_id uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint user_groups_pkey primary key (id),
    constraint user_groups_id_org_id_key unique (id, org_id),
    constraint user_groups_one_grant_per_workspace unique (parent_user_group_id, workspace_id),
    constraint user_groups_one_per_idp_group unique (org_id, idp_group_name),
    constraint user_groups_grants_name_a_workspace check ((parent_user_group_id is null) = (workspace_id is null)),
    constraint user_groups_grants_name_a_role check ((parent_user_group_id is null) = (role_id is null)),
    constraint user_groups_names_are_short check (char_length(name) between 1 and 255),
    constraint user_groups_sync_needs_a_name check (not idp_sync_enabled or idp_group_name is not null),
    constraint user_groups_of_workspaces_have_no_sync check (parent_user_group_id is null or idp_group_name is null),
    constraint user_groups_org_id_fkey foreign key (org_id) references organizations(id) on delete cascade,
    constraint user_groups_parent_user_group_id_org_id_fkey
      foreign key (parent_user_group_id, org_id) references user_groups(id, org_id) on delete cascade,
    constraint user_groups_workspace_id_org_id_fkey
      foreign key (workspace_id, org_id) references workspaces(id, org_id) on delete cascade,
    constraint user_groups_role_id_fkey foreign key (role_id) references roles(id) on delete restrict)`;

const GROUP_INDEXES = [
  `create unique index user_groups_one_per_name on user_groups (org_id, lower(name))
    where parent_user_group_id is null`,
  'create index user_groups_by_name on user_groups (org_id, name, id)',
  'create index user_groups_by_workspace on user_groups (workspace_id, org_id)',
  'create index user_groups_role_id_idx on user_groups (role_id)',
];

const MEMBERS = `
  create table user_group_members (
    user_group_id uuid not null,
    user_id uuid not null,
    org_id uuid not null,
    source text not null,
    created_at timestamptz not null default now(),
    constraint user_group_members_pkey primary key (user_group_id, user_id),
    constraint user_group_members_source_is_known check (source in ('manual', 'scim', 'sso_group')),
    constraint user_group_members_user_group_id_org_id_fkey
      foreign key (user_group_id, org_id) references user_groups(id, org_id) on delete cascade,
    constraint user_group_members_org_id_user_id_fkey
      foreign key (org_id, user_id) references org_memberships(org_id, user_id) on delete cascade)`;

const MEMBERS_BY_USER = 'create index user_group_members_by_user on user_group_members (user_id, org_id)';

const ROLES = `
  create table user_group_roles (
    user_id uuid not null,
    workspace_id uuid not null,
    role_id uuid not null,
    sources integer not null,
    constraint user_group_roles_pkey primary key (user_id, workspace_id, role_id),
    constraint user_group_roles_have_a_source check (sources > 0),
    constraint user_group_roles_user_id_fkey foreign key (user_id) references users(id) on delete cascade,
    constraint user_group_roles_workspace_id_fkey
      foreign key (workspace_id) references workspaces(id) on delete cascade)`;

const ROLES_BY_WORKSPACE =
  'create index user_group_roles_workspace_id_idx on user_group_roles (workspace_id)';

const POLICIES = `
  create table user_group_policies (
    id uuid not null,
    user_group_id uuid not null,
    org_id uuid not null,
    access_policy_id uuid not null,
    workspace_id uuid,
    created_at timestamptz not null default now(),
    constraint user_group_policies_pkey primary key (id),
    constraint user_group_policies_user_group_id_org_id_fkey
      foreign key (user_group_id, org_id) references user_groups(id, org_id) on delete cascade,
    constraint user_group_policies_user_group_id_workspace_id_fkey
      foreign key (user_group_id, workspace_id) references user_groups(parent_user_group_id, workspace_id)
      on delete cascade,
    constraint user_group_policies_access_policy_id_fkey
      foreign key (access_policy_id) references access_policies(id) on delete cascade)`;

const POLICY_INDEXES = [
  `create unique index user_group_policies_one_for_all_workspaces
    on user_group_policies (user_group_id, access_policy_id) where workspace_id is null`,
  `create unique index user_group_policies_one_per_workspace
    on user_group_policies (user_group_id, workspace_id, access_policy_id) where workspace_id is not null`,
  'create index user_group_policies_by_group on user_group_policies (user_group_id, workspace_id)',
  'create index user_group_policies_access_policy_id_idx on user_group_policies (access_policy_id)',
];

const ADD_ROLES = (given: string) => `
  insert into user_group_roles as r (user_id, workspace_id, role_id, sources)
  ${given} order by 1, 2, 3
  on conflict (user_id, workspace_id, role_id) do update set sources = r.sources + excluded.sources;`;

/** Two statements, since the constraint refuses a row without a source. */
const REMOVE_ROLES = (taken: string) => `
  delete from user_group_roles r using (${taken}) t (user_id, workspace_id, role_id, sources)
  where (r.user_id, r.workspace_id, r.role_id) = (t.user_id, t.workspace_id, t.role_id) and r.sources = t.sources;
  update user_group_roles r set sources = r.sources - t.sources
  from (${taken}) t (user_id, workspace_id, role_id, sources)
  where (r.user_id, r.workspace_id, r.role_id) = (t.user_id, t.workspace_id, t.role_id) and r.sources > t.sources;`;

/** The members of the group that was given the grant, and of the child group that is the grant. */
const MEMBERS_OF_GRANT = (grant: string) => `
  select user_id, ${grant}.workspace_id, ${grant}.role_id, count(*)::int from user_group_members
  where user_group_id in (${grant}.parent_user_group_id, ${grant}.id) group by user_id`;

/** The grants of the member's group, or the group itself if it is a child. */
const ROLES_OF_MEMBER = (member: string, from: string) => `
  select ${member}.user_id, g.workspace_id, g.role_id, count(*)::int
  from ${from}
  where g.workspace_id is not null
    and (g.parent_user_group_id = ${member}.user_group_id or g.id = ${member}.user_group_id)
  group by ${member}.user_id, g.workspace_id, g.role_id`;

/**
 * Removal is counted before each row goes: of a member and a grant that one statement deletes, the first one still
 * finds the other, the second does not, so each pair is taken away once.
 */
const FUNCTIONS: readonly [name: string, body: string][] = [
  [
    'add_user_group_roles_of_members',
    `${ADD_ROLES(ROLES_OF_MEMBER('n', 'new_rows n cross join user_groups g'))} return null;`,
  ],
  [
    'remove_user_group_roles_of_member',
    `${REMOVE_ROLES(ROLES_OF_MEMBER('old', 'user_groups g'))} return old;`,
  ],
  ['add_user_group_roles_of_grant', `${ADD_ROLES(MEMBERS_OF_GRANT('new'))} return null;`],
  ['remove_user_group_roles_of_grant', `${REMOVE_ROLES(MEMBERS_OF_GRANT('old'))} return old;`],
  [
    'change_user_group_roles_of_grant',
    `${REMOVE_ROLES(MEMBERS_OF_GRANT('old'))} ${ADD_ROLES(MEMBERS_OF_GRANT('new'))} return null;`,
  ],
];

const TRIGGERS = [
  ...FUNCTIONS.map(
    ([name, body]) => `create function ${name}() returns trigger language plpgsql as $$ begin ${body} end $$`,
  ),
  `create trigger user_group_members_add_roles after insert on user_group_members
    referencing new table as new_rows for each statement execute function add_user_group_roles_of_members()`,
  `create trigger user_group_members_remove_roles before delete on user_group_members
    for each row execute function remove_user_group_roles_of_member()`,
  `create trigger user_groups_add_roles after insert on user_groups
    for each row when (new.workspace_id is not null) execute function add_user_group_roles_of_grant()`,
  `create trigger user_groups_remove_roles before delete on user_groups
    for each row when (old.workspace_id is not null) execute function remove_user_group_roles_of_grant()`,
  `create trigger user_groups_change_roles after update of role_id on user_groups
    for each row when (old.role_id is distinct from new.role_id) execute function change_user_group_roles_of_grant()`,
];
