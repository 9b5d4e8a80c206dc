import type { MigrationInterface, QueryRunner } from 'typeorm';

const ONLY_TRIGGERS_WRITE = {
  harmlessBecause: 'triggers alone write the table, and a role that is read twice is one role.',
};

/**
 * Memberships, memberships in groups and grants of groups may have an end (docs/contract/members.md#access-that-ends).
 * What has ended is missing in the views `current_…`, which all reading uses, whether or not it has been tidied.
 */
export class LetAccessEnd1765105000000 implements MigrationInterface {
  name = 'LetAccessEnd1765105000000';
  readonly contract = {
    'create unique index user_group_roles.user_group_roles_pkey': ONLY_TRIGGERS_WRITE,
    'add constraint user_group_roles.user_group_roles_pkey': ONLY_TRIGGERS_WRITE,
    'drop trigger user_groups.user_groups_change_roles': {
      harmlessBecause: 'it is created again, for one more column.',
    },
    ...Object.fromEntries(
      [
        'org_memberships.org_memberships_of_providers_have_no_end',
        'workspace_memberships.workspace_memberships_of_providers_have_no_end',
        'user_group_members.user_group_members_of_providers_have_no_end',
        'user_groups.user_groups_only_grants_end',
      ].map((constraint) => [
        `add constraint ${constraint}`,
        { harmlessBecause: 'it sets no end, and triggers clear the end of what a provider takes over.' },
      ]),
    ),
  };

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      ...COLUMNS,
      ...INDEXES,
      ...ENDED,
      ...VIEWS,
      ...COPIES,
      ...CLEARED,
      ...GROUP_ROLES,
      ...CHANGES,
    ])
      await runner.query(statement);
    for (const [object, text] of COMMENTS) await runner.query(`comment on ${object} is '${text}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const MEMBERSHIPS = ['org_memberships', 'workspace_memberships'] as const;
const OF_MEMBERS = [...MEMBERSHIPS, 'user_group_members'] as const;

const COLUMNS = [
  `alter table user_group_roles add column ends_at timestamptz not null default 'infinity',
    drop constraint user_group_roles_pkey`,
  'create unique index user_group_roles_pkey on user_group_roles (user_id, workspace_id, role_id, ends_at)',
  'alter table user_group_roles add constraint user_group_roles_pkey primary key using index user_group_roles_pkey',
  ...['workspace_memberships', 'user_group_members'].map(
    (table) => `alter table ${table} add column org_access_ends_at timestamptz`,
  ),
  ...[...OF_MEMBERS, 'user_groups'].map(
    (table) =>
      `alter table ${table} add column access_expires_at timestamptz, add column access_expires_set_by_user_id uuid`,
  ),
  ...OF_MEMBERS.map(
    (table) => `alter table ${table} add constraint ${table}_of_providers_have_no_end
      check (access_expires_at is null or source not in ('scim', 'sso_group'))`,
  ),
  `alter table user_groups add constraint user_groups_only_grants_end
    check (access_expires_at is null or workspace_id is not null)`,
  ...MEMBERSHIPS.map(
    (table) => `alter table ${table} add column reverts_to_role_id uuid,
      add constraint ${table}_reverts_to_role_id_fkey
        foreign key (reverts_to_role_id) references roles(id) on delete restrict,
      add constraint ${table}_revert_at_an_end
        check (reverts_to_role_id is null or access_expires_at is not null)`,
  ),
  'alter table invitations add column access_expires_at timestamptz',
  'alter table invitation_workspaces add column access_expires_at timestamptz',
];

/** By the end for what tidies; by the organization, workspace or group for lists and counts. */
const INDEXES = [
  ...[...OF_MEMBERS, 'user_groups'].map(
    (table) =>
      `create index ${table}_by_end on ${table} (access_expires_at) where access_expires_at is not null`,
  ),
  `create index org_memberships_ending on org_memberships (org_id, access_expires_at, id)
    where access_expires_at is not null`,
  `create index workspace_memberships_ending on workspace_memberships (workspace_id, access_expires_at, id)
    where access_expires_at is not null`,
  `create index workspace_memberships_ending_with_org on workspace_memberships (workspace_id, org_access_ends_at)
    where org_access_ends_at is not null`,
  `create index user_group_members_ending on user_group_members (user_group_id, access_expires_at)
    where access_expires_at is not null`,
  ...MEMBERSHIPS.map(
    (table) => `create index ${table}_reverts_to_role_id_idx on ${table} (reverts_to_role_id)
      where reverts_to_role_id is not null`,
  ),
];

const ENDED = [
  `create table ended_memberships (
    org_id uuid not null,
    user_id uuid not null,
    membership_id uuid not null,
    role_id uuid not null,
    ended_at timestamptz not null,
    set_by_user_id uuid,
    constraint ended_memberships_pkey primary key (org_id, user_id),
    constraint ended_memberships_org_id_fkey foreign key (org_id) references organizations(id) on delete cascade,
    constraint ended_memberships_user_id_fkey foreign key (user_id) references users(id) on delete cascade)`,
  'create index ended_memberships_user_id_idx on ended_memberships (user_id)',
];

const HAS_NOT_ENDED = '(access_expires_at is null or access_expires_at > now())';
const HAS_NOT_ENDED_OR_REVERTS =
  '(access_expires_at is null or access_expires_at > now() or reverts_to_role_id is not null)';
const ORG_ACCESS_HAS_NOT_ENDED = '(org_access_ends_at is null or org_access_ends_at > now())';

const PROVENANCE = `source, created_at, created_via, invitation_id, created_by_user_id, created_by_key_id,
  created_audit_entry_id, role_changed_at, role_changed_by_user_id, role_changed_by_key_id,
  role_changed_audit_entry_id, user_email, user_full_name`;
const ROLE = `
  case when access_expires_at <= now() then reverts_to_role_id else role_id end as role_id, role_id as given_role_id`;
/** An end that has passed and changed the role is none of the present role. */
const END = `
  case when access_expires_at > now() then access_expires_at end as access_expires_at,
  case when access_expires_at > now() then reverts_to_role_id end as reverts_to_role_id,
  access_expires_set_by_user_id`;

const VIEWS = [
  `create view current_org_memberships as
    select id, org_id, user_id, is_disabled, ${PROVENANCE}, ${ROLE}, ${END}
    from org_memberships where ${HAS_NOT_ENDED_OR_REVERTS}`,
  `create view current_workspace_memberships as
    select id, org_id, workspace_id, user_id, ${PROVENANCE}, ${ROLE}, ${END}, org_access_ends_at
    from workspace_memberships where ${HAS_NOT_ENDED_OR_REVERTS} and ${ORG_ACCESS_HAS_NOT_ENDED}`,
  `create view current_user_group_members as
    select user_group_id, user_id, org_id, source, created_at, access_expires_at, access_expires_set_by_user_id,
      org_access_ends_at
    from user_group_members where ${HAS_NOT_ENDED} and ${ORG_ACCESS_HAS_NOT_ENDED}`,
  `create view current_user_groups as
    select id, org_id, name, description, idp_group_name, idp_sync_enabled, parent_user_group_id, workspace_id, role_id,
      created_at, updated_at, access_expires_at, access_expires_set_by_user_id
    from user_groups where ${HAS_NOT_ENDED}`,
];

/**
 * Triggers name the columns that statements set: an end that another trigger clears counts as set with the source or
 * role that caused it. After the statement, which may insert the organization membership as well. */
const COPIES = [
  `create function copy_org_end_into_new_rows() returns trigger language plpgsql set enable_seqscan = off as $$
  begin
    if exists (
      select from new_rows n join org_memberships m on m.org_id = n.org_id and m.user_id = n.user_id
      where m.access_expires_at is not null and m.reverts_to_role_id is null)
    then
      execute format('update %s t set org_access_ends_at = m.access_expires_at
        from (select distinct org_id, user_id from new_rows) n
        join org_memberships m on m.org_id = n.org_id and m.user_id = n.user_id
          and m.access_expires_at is not null and m.reverts_to_role_id is null
        where t.org_id = n.org_id and t.user_id = n.user_id', tg_relid::regclass);
    end if;
    return null;
  end $$`,
  ...['workspace_memberships', 'user_group_members'].map(
    (table) => `create trigger copy_org_end after insert on ${table}
      referencing new table as new_rows for each statement execute function copy_org_end_into_new_rows()`,
  ),
  `create function copy_org_end() returns trigger language plpgsql set enable_seqscan = off as $$
  declare ends_at timestamptz := case when new.reverts_to_role_id is null then new.access_expires_at end;
  begin
    update workspace_memberships set org_access_ends_at = ends_at
      where org_id = new.org_id and user_id = new.user_id and org_access_ends_at is distinct from ends_at;
    update user_group_members set org_access_ends_at = ends_at
      where org_id = new.org_id and user_id = new.user_id and org_access_ends_at is distinct from ends_at;
    return null;
  end $$`,
  `create trigger copy_end after update of access_expires_at, reverts_to_role_id, source, role_id on org_memberships
    for each row
    when (old.access_expires_at is distinct from new.access_expires_at
      or old.reverts_to_role_id is distinct from new.reverts_to_role_id)
    execute function copy_org_end()`,
];

/**
 * On every path: the end of a temporary role goes with that role, and what a provider takes over has no end. A change that
 * sets another end as well keeps it.
 */
const CLEARED = [
  `create function clear_end() returns trigger language plpgsql as $$
  begin
    new.access_expires_at := null;
    new.access_expires_set_by_user_id := null;
    return new;
  end $$`,
  `create function clear_reversion() returns trigger language plpgsql as $$
  begin
    new.access_expires_at := null;
    new.access_expires_set_by_user_id := null;
    new.reverts_to_role_id := null;
    return new;
  end $$`,
  ...MEMBERSHIPS.flatMap((table) => [
    `create trigger clear_end_of_provider before update of source on ${table} for each row
      when (new.source in ('scim', 'sso_group') and new.access_expires_at is not null)
      execute function clear_reversion()`,
    `create trigger clear_end_of_role before update of role_id on ${table} for each row
      when (old.role_id <> new.role_id and new.reverts_to_role_id is not null
        and old.reverts_to_role_id = new.reverts_to_role_id and old.access_expires_at = new.access_expires_at)
      execute function clear_reversion()`,
  ]),
  `create trigger clear_end_of_provider before update of source on user_group_members for each row
    when (new.source in ('scim', 'sso_group') and new.access_expires_at is not null)
    execute function clear_end()`,
];

const ADD_ROLES = (given: string) => `
  insert into user_group_roles as r (user_id, workspace_id, role_id, ends_at, sources)
  ${given} order by 1, 2, 3, 4
  on conflict (user_id, workspace_id, role_id, ends_at) do update set sources = r.sources + excluded.sources;`;

/** Two statements, since the constraint refuses a row without a source. */
const REMOVE_ROLES = (taken: string) => `
  delete from user_group_roles r using (${taken}) t (user_id, workspace_id, role_id, ends_at, sources)
  where (r.user_id, r.workspace_id, r.role_id, r.ends_at) = (t.user_id, t.workspace_id, t.role_id, t.ends_at)
    and r.sources = t.sources;
  update user_group_roles r set sources = r.sources - t.sources
  from (${taken}) t (user_id, workspace_id, role_id, ends_at, sources)
  where (r.user_id, r.workspace_id, r.role_id, r.ends_at) = (t.user_id, t.workspace_id, t.role_id, t.ends_at)
    and r.sources > t.sources;`;

const END_OF_BOTH = (member: string, grant: string) =>
  `coalesce(least(${member}.access_expires_at, ${grant}.access_expires_at), 'infinity')`;

/** The members of the group that was given the grant, and of the child group that is the grant. */
const MEMBERS_OF_GRANT = (grant: string) => `
  select m.user_id, ${grant}.workspace_id, ${grant}.role_id, ${END_OF_BOTH('m', grant)}, count(*)::int
  from user_group_members m
  where m.user_group_id in (${grant}.parent_user_group_id, ${grant}.id)
  group by m.user_id, ${END_OF_BOTH('m', grant)}`;

/** The grants of the member's group, or the group itself if it is a child. */
const ROLES_OF_MEMBER = (member: string, from: string) => `
  select ${member}.user_id, g.workspace_id, g.role_id, ${END_OF_BOTH(member, 'g')}, count(*)::int
  from ${from}
  where g.workspace_id is not null
    and (g.parent_user_group_id = ${member}.user_group_id or g.id = ${member}.user_group_id)
  group by ${member}.user_id, g.workspace_id, g.role_id, ${END_OF_BOTH(member, 'g')}`;

const ROLE_FUNCTIONS: readonly [name: string, body: string][] = [
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
  [
    'change_user_group_roles_of_member',
    `${REMOVE_ROLES(ROLES_OF_MEMBER('old', 'user_groups g'))} ${ADD_ROLES(ROLES_OF_MEMBER('new', 'user_groups g'))} return null;`,
  ],
];

const GROUP_ROLES = [
  ...ROLE_FUNCTIONS.map(
    ([name, body]) =>
      `create or replace function ${name}() returns trigger language plpgsql as $$ begin ${body} end $$`,
  ),
  'drop trigger user_groups_change_roles on user_groups',
  `create trigger user_groups_change_roles after update of role_id, access_expires_at on user_groups for each row
    when (old.role_id is distinct from new.role_id or old.access_expires_at is distinct from new.access_expires_at)
    execute function change_user_group_roles_of_grant()`,
  `create trigger user_group_members_change_roles after update of access_expires_at, source on user_group_members
    for each row
    when (old.access_expires_at is distinct from new.access_expires_at)
    execute function change_user_group_roles_of_member()`,
];

/** What is logged for caches: an end that is set or moved changes access, too. */
const CHANGED = (columns: string) => `
  (select ${columns} from old_rows except select ${columns} from new_rows)
  union all (select ${columns} from new_rows except select ${columns} from old_rows)`;

const EVERYBODY = `'00000000-0000-0000-0000-000000000000'::uuid`;
const OF_KNOWN_USER = `not exists (
  select from users t where t.id = r.user_id and t.created_at = now() and t.xmin = pg_current_xact_id()::xid)`;

const CHANGE_FUNCTION = (table: string, columns: string) => `
  create or replace function log_${table}_changes() returns trigger language plpgsql as $$
  begin
    case tg_op
      when 'INSERT' then perform log_access_changes(
        array(select distinct user_id from (select * from new_rows r where ${OF_KNOWN_USER}) r));
      when 'UPDATE' then perform log_access_changes(array(select distinct user_id from (${CHANGED(columns)}) r));
      when 'DELETE' then perform log_access_changes(array(select distinct user_id from (select * from old_rows) r));
      else perform log_access_changes(array[${EVERYBODY}]);
    end case;
    return null;
  end $$`;

const OLD_COLUMNS = {
  org_memberships: 'id, org_id, user_id, role_id, is_disabled, created_at',
  workspace_memberships: 'id, workspace_id, org_id, user_id, role_id',
  user_group_roles: 'user_id, workspace_id, role_id',
};

const CHANGES = [
  CHANGE_FUNCTION('org_memberships', `${OLD_COLUMNS.org_memberships}, access_expires_at, reverts_to_role_id`),
  CHANGE_FUNCTION(
    'workspace_memberships',
    `${OLD_COLUMNS.workspace_memberships}, access_expires_at, reverts_to_role_id, org_access_ends_at`,
  ),
  CHANGE_FUNCTION('user_group_roles', `${OLD_COLUMNS.user_group_roles}, ends_at`),
];

const END_TEXT =
  'When this ends, or the role becomes the other one. Null: permanent. Compared with now() at each use.';
const SET_BY = 'The user who set the end. Null: none, or a key did. No foreign key.';
const REVERTS = 'The role from the end on. Null: the membership ends.';
const ORG_END = 'A copy of the end of the organization membership. Null: it does not end. Triggers write it.';

const COMMENTS: readonly (readonly [object: string, text: string])[] = [
  ...MEMBERSHIPS.flatMap((table): [string, string][] => [
    [`column ${table}.access_expires_at`, END_TEXT],
    [`column ${table}.access_expires_set_by_user_id`, SET_BY],
    [`column ${table}.reverts_to_role_id`, REVERTS],
  ]),
  ...['user_group_members', 'user_groups'].flatMap((table): [string, string][] => [
    [
      `column ${table}.access_expires_at`,
      'When this ends. Null: permanent. Compared with now() at each use.',
    ],
    [`column ${table}.access_expires_set_by_user_id`, SET_BY],
  ]),
  ...['workspace_memberships', 'user_group_members'].map(
    (table) => [`column ${table}.org_access_ends_at`, ORG_END] as const,
  ),
  [`column user_group_roles.ends_at`, 'The earlier end of the membership in the group and of the grant.'],
  [`column invitations.access_expires_at`, 'The end of the membership that it offers. Null: permanent.'],
  [
    `column invitation_workspaces.access_expires_at`,
    'The end of the membership that it offers. Null: permanent.',
  ],
  [
    'table ended_memberships',
    'A membership in an organization that has ended at its date: it does not come back by signing in, until somebody gives access again.',
  ],
  [`column ended_memberships.membership_id`, 'The former identity_id. No foreign key.'],
  [`column ended_memberships.role_id`, 'The last role. No foreign key.'],
  [`column ended_memberships.set_by_user_id`, SET_BY],
];

const REMOVE_OLD_ROLES = (taken: string) => `
  delete from user_group_roles r using (${taken}) t (user_id, workspace_id, role_id, sources)
  where (r.user_id, r.workspace_id, r.role_id) = (t.user_id, t.workspace_id, t.role_id) and r.sources = t.sources;
  update user_group_roles r set sources = r.sources - t.sources
  from (${taken}) t (user_id, workspace_id, role_id, sources)
  where (r.user_id, r.workspace_id, r.role_id) = (t.user_id, t.workspace_id, t.role_id) and r.sources > t.sources;`;
const ADD_OLD_ROLES = (given: string) => `
  insert into user_group_roles as r (user_id, workspace_id, role_id, sources)
  ${given} order by 1, 2, 3
  on conflict (user_id, workspace_id, role_id) do update set sources = r.sources + excluded.sources;`;
const OLD_MEMBERS_OF_GRANT = (grant: string) => `
  select user_id, ${grant}.workspace_id, ${grant}.role_id, count(*)::int from user_group_members
  where user_group_id in (${grant}.parent_user_group_id, ${grant}.id) group by user_id`;
const OLD_ROLES_OF_MEMBER = (member: string, from: string) => `
  select ${member}.user_id, g.workspace_id, g.role_id, count(*)::int
  from ${from}
  where g.workspace_id is not null
    and (g.parent_user_group_id = ${member}.user_group_id or g.id = ${member}.user_group_id)
  group by ${member}.user_id, g.workspace_id, g.role_id`;

/** As `CreateUserGroups1764820000000` created them. */
const OLD_ROLE_FUNCTIONS: readonly [name: string, body: string][] = [
  [
    'add_user_group_roles_of_members',
    `${ADD_OLD_ROLES(OLD_ROLES_OF_MEMBER('n', 'new_rows n cross join user_groups g'))} return null;`,
  ],
  [
    'remove_user_group_roles_of_member',
    `${REMOVE_OLD_ROLES(OLD_ROLES_OF_MEMBER('old', 'user_groups g'))} return old;`,
  ],
  ['add_user_group_roles_of_grant', `${ADD_OLD_ROLES(OLD_MEMBERS_OF_GRANT('new'))} return null;`],
  ['remove_user_group_roles_of_grant', `${REMOVE_OLD_ROLES(OLD_MEMBERS_OF_GRANT('old'))} return old;`],
  [
    'change_user_group_roles_of_grant',
    `${REMOVE_OLD_ROLES(OLD_MEMBERS_OF_GRANT('old'))} ${ADD_OLD_ROLES(OLD_MEMBERS_OF_GRANT('new'))} return null;`,
  ],
];

/** What has ended is removed first, so that it does not become permanent; a temporary role becomes the one after it. */
const DOWN = [
  ...['current_user_groups', 'current_user_group_members', 'current_workspace_memberships'].map(
    (view) => `drop view ${view}`,
  ),
  'drop view current_org_memberships',
  ...MEMBERSHIPS.map(
    (
      table,
    ) => `update ${table} set role_id = reverts_to_role_id, access_expires_at = null, reverts_to_role_id = null
      where access_expires_at <= now() and reverts_to_role_id is not null`,
  ),
  ...[...OF_MEMBERS, 'user_groups'].map((table) => `delete from ${table} where access_expires_at <= now()`),
  'drop trigger user_group_members_change_roles on user_group_members',
  'drop function change_user_group_roles_of_member',
  'drop trigger user_groups_change_roles on user_groups',
  `create trigger user_groups_change_roles after update of role_id on user_groups
    for each row when (old.role_id is distinct from new.role_id) execute function change_user_group_roles_of_grant()`,
  ...OLD_ROLE_FUNCTIONS.map(
    ([name, body]) =>
      `create or replace function ${name}() returns trigger language plpgsql as $$ begin ${body} end $$`,
  ),
  ...Object.entries(OLD_COLUMNS).map(([table, columns]) => CHANGE_FUNCTION(table, columns)),
  ...OF_MEMBERS.map((table) => `drop trigger clear_end_of_provider on ${table}`),
  ...MEMBERSHIPS.map((table) => `drop trigger clear_end_of_role on ${table}`),
  'drop function clear_end, clear_reversion',
  'drop trigger copy_end on org_memberships',
  'drop function copy_org_end',
  'drop trigger copy_org_end on workspace_memberships',
  'drop trigger copy_org_end on user_group_members',
  'drop function copy_org_end_into_new_rows',
  'drop table ended_memberships',
  `create temporary table counted_roles on commit drop as
    select user_id, workspace_id, role_id, sum(sources)::int as sources from user_group_roles
    group by user_id, workspace_id, role_id`,
  'delete from user_group_roles',
  `alter table user_group_roles drop constraint user_group_roles_pkey, drop column ends_at,
    add constraint user_group_roles_pkey primary key (user_id, workspace_id, role_id)`,
  `insert into user_group_roles (user_id, workspace_id, role_id, sources)
    select user_id, workspace_id, role_id, sources from counted_roles`,
  'alter table invitation_workspaces drop column access_expires_at',
  'alter table invitations drop column access_expires_at',
  ...[...OF_MEMBERS, 'user_groups'].map(
    (table) =>
      `alter table ${table} drop column access_expires_at, drop column access_expires_set_by_user_id`,
  ),
  ...MEMBERSHIPS.map((table) => `alter table ${table} drop column reverts_to_role_id`),
  ...['workspace_memberships', 'user_group_members'].map(
    (table) => `alter table ${table} drop column org_access_ends_at`,
  ),
];
