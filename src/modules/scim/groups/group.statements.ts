import type { Statement } from '../../../database/sql.js';
import { type ListQuery, listStatement } from '../query/list.statements.js';

/** As `scim_groups_one_per_name` compares. */
const withoutCase = (sql: string) => `(lower(${sql}) collate "C")`;

const COLUMNS = `
  g.id, g.org_id as "orgId", g.display_name as "displayName", g.external_id as "externalId", g.kind,
  g.org_role as "orgRole", g.workspace_id as "workspaceId", g.role_id as "roleId", g.makes_admins as "makesAdmins",
  g.version, g.created_at as "createdAt", g.updated_at as "updatedAt",
  w.display_name as "workspaceName", r.display_name as "roleName", exists (
    select from user_groups f
    where f.org_id = g.org_id and f.idp_group_name = btrim(g.display_name) and f.idp_sync_enabled) as "isFollowed"`;

const NAMED = 'left join workspaces w on w.id = g.workspace_id left join roles r on r.id = g.role_id';

const MEMBERS = `(
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', s.id, 'name', coalesce(s.attributes ->> 'displayName', s.user_name)) order by s.created_at, s.id), '[]')
  from scim_group_members gm join scim_users s on s.id = gm.scim_user_id where gm.group_id = g.id) as members`;

const members = (areWanted: boolean) => (areWanted ? MEMBERS : `'[]'::jsonb as members`);

const find = (withMembers: boolean): Statement => ({
  name: `scim_groups_find_${withMembers ? 'with' : 'without'}_members`,
  text: `select ${COLUMNS}, ${members(withMembers)} from scim_groups g ${NAMED} where g.org_id = $1 and g.id = $2`,
});

export const FIND_WITH_MEMBERS = find(true);
export const FIND = find(false);

export const LOCK: Statement = {
  name: 'scim_groups_lock',
  text: `
    select ${COLUMNS}, ${members(false)} from scim_groups g ${NAMED}
    where g.org_id = $1 and g.id = $2 for no key update of g`,
};

/** Groups that grant nothing, and might after a rename. */
export const LIST_IDLE: Statement = {
  name: 'scim_groups_list_idle',
  text: `
    select ${COLUMNS}, ${members(false)} from scim_groups g ${NAMED}
    where g.org_id = $1 and (g.kind in ('malformed', 'unknown', 'unconfirmed', 'ambiguous')
      or (g.kind = 'workspace' and g.workspace_id is null))
    order by g.id for no key update of g`,
};

/** `withMembers`: also loads the members of each group. */
export type GroupListQuery = ListQuery & { readonly withMembers: boolean };

export function pageOf(query: GroupListQuery): Statement {
  const { condition } = query;
  const columns = `${COLUMNS}, ${members(query.withMembers)}`;
  const where = `where g.org_id = $1 ${condition ? `and ${condition.sql}` : ''}`;
  if (condition?.isUnique)
    return listStatement(
      'scim_groups_look_up',
      query,
      `
      select ${columns}, 1 as total from scim_groups g ${NAMED} ${where} limit $2 offset $3`,
    );
  return listStatement(
    'scim_groups_page',
    query,
    `
    select ${columns}, p.total
    from (
      select id, row_number() over () as place, total from (
        select g.id, count(*) over () as total from scim_groups g ${where}
        order by ${query.orderBy} limit $2 offset $3) g) p
    join scim_groups g on g.id = p.id ${NAMED}
    order by p.place`,
  );
}

/** Updates nothing if another group has the name or `externalId`. The caller holds the roster lock. */
export const UPDATE: Statement = {
  name: 'scim_groups_update',
  text: `
    update scim_groups set display_name = $3, external_id = $4, kind = $5, org_role = $6, workspace_id = $7,
      role_id = $8, makes_admins = $9, version = version + 1, updated_at = now()
    where org_id = $1 and id = $2
      and not exists (
        select from scim_groups o
        where o.org_id = $1 and o.id <> $2 and ${withoutCase('o.display_name')} = ${withoutCase('$3::text')})
      and not exists (select from scim_groups o where o.org_id = $1 and o.id <> $2 and o.external_id = $4)`,
};

export const NAME_EXISTS: Statement = {
  name: 'scim_groups_name_exists',
  text: `
    select 1 from scim_groups
    where org_id = $1 and id <> $2 and ${withoutCase('display_name')} = ${withoutCase('$3::text')}`,
};

/** Updates the bindings and increments the versions. */
export const BIND: Statement = {
  name: 'scim_groups_bind',
  text: `
    update scim_groups g set kind = given.kind, org_role = given.org_role, workspace_id = given.workspace_id,
      role_id = given.role_id, version = version + 1, updated_at = now()
    from unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::uuid[])
      as given (id, kind, org_role, workspace_id, role_id)
    where g.org_id = $1 and g.id = given.id`,
};

export const ARE_ANY_GROUPS: Statement = {
  name: 'scim_groups_are_any',
  text: 'select exists (select from scim_groups where org_id = $1 and id = any($2)) as any',
};

/**
 * The user of each `given.id`. `offset 0` makes the planner look up each id: with statistics from before a
 * synchronization it reads all users of the organization.
 */
const EACH_GIVEN_USER = `
  cross join lateral (select id, org_id, user_id from scim_users where id = given.id offset 0) s`;

/** Those of the given users whom the organization has, and whether they were added now. */
export const ADD_MEMBERS: Statement = {
  name: 'scim_group_members_add',
  text: `
    with known as (select s.id from unnest($3::uuid[]) as given (id) ${EACH_GIVEN_USER} where s.org_id = $1),
    added as (
      insert into scim_group_members
        (group_id, scim_user_id, org_id, created_via, created_by_key_id, created_audit_entry_id)
      select $2, id, $1, $4, $5, $6 from known order by id
      on conflict (group_id, scim_user_id) do nothing
      returning scim_user_id)
    select known.id, added.scim_user_id is not null as "isAdded"
    from known left join added on added.scim_user_id = known.id`,
};

export const REMOVE_MEMBERS: Statement = {
  name: 'scim_group_members_remove',
  text: `
    delete from scim_group_members where org_id = $1 and group_id = $2 and scim_user_id = any($3)
    returning scim_user_id as id`,
};

export const KEEP_MEMBERS: Statement = {
  name: 'scim_group_members_keep',
  text: `
    delete from scim_group_members where org_id = $1 and group_id = $2 and scim_user_id <> all($3)
    returning scim_user_id as id`,
};

/** The account of each user with each of its granting groups, newest first. */
export const GRANTING_GROUPS_OF: Statement = {
  name: 'scim_groups_given_to',
  text: `
    select s.user_id as "userId", g.kind, g.org_role as "orgRole", g.workspace_id as "workspaceId",
      g.role_id as "roleId"
    from unnest($2::uuid[]) as given (id) ${EACH_GIVEN_USER}
    left join lateral (
      select g.* from scim_group_members gm join scim_groups g on g.id = gm.group_id
      where gm.scim_user_id = s.id and (g.kind = 'admin' or g.workspace_id is not null) offset 0) g on true
    where s.org_id = $1
    order by g.created_at desc, g.id desc`,
};

export const MEMBERS_OF: Statement = {
  name: 'scim_group_members_of',
  text: 'select distinct scim_user_id as id from scim_group_members where org_id = $1 and group_id = any($2)',
};

/** The account of each member of these groups. */
export const ACCOUNTS_BY_GROUP: Statement = {
  name: 'scim_group_members_accounts',
  text: `
    select gm.group_id as "groupId", s.user_id as "userId"
    from scim_group_members gm join scim_users s on s.id = gm.scim_user_id
    where gm.org_id = $1 and gm.group_id = any($2)`,
};

/** The accounts of these SCIM users. */
export const USERS_OF: Statement = {
  name: 'scim_group_members_users_of',
  text: `select s.user_id as id from unnest($2::uuid[]) as given (id) ${EACH_GIVEN_USER} where s.org_id = $1`,
};

/** The accounts of the members of the group with exactly this name. */
export const USERS_OF_GROUP: Statement = {
  name: 'scim_group_members_users_of_group',
  text: `
    select s.user_id as id
    from scim_groups g join scim_group_members m on m.group_id = g.id join scim_users s on s.id = m.scim_user_id
    where g.org_id = $1 and ${withoutCase('g.display_name')} = ${withoutCase('$2::text')}
      and btrim(g.display_name) = $2`,
};

/** Those of these groups with a member who holds one of these organization roles. */
export const GROUPS_WITH_ROLES: Statement = {
  name: 'scim_groups_holding_roles',
  text: `
    select distinct gm.group_id as id
    from scim_group_members gm join scim_users s on s.id = gm.scim_user_id
      join org_memberships m on m.org_id = s.org_id and m.user_id = s.user_id
    where gm.org_id = $1 and gm.group_id = any($2) and m.role_id = any($3)`,
};

export const GROUPS_OF: Statement = {
  name: 'scim_groups_of_accounts',
  text: `
    select s.user_id as "userId", g.display_name as name, g.created_at as "createdAt"
    from scim_users s join scim_group_members gm on gm.scim_user_id = s.id join scim_groups g on g.id = gm.group_id
    where s.org_id = $1 and s.user_id = any($2) order by g.created_at, g.id`,
};
