import { Injectable } from '@nestjs/common';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import type { Json, JsonObject } from '../protocol/value.js';
import type { GrantingGroup } from './group-roles.js';
import type { GivenRole } from './role-values.js';
import { isRoleId, isWorkspaceRoleId } from './scim-roles.repository.js';

/** The user of each `given.id`. `offset 0` makes the planner look up each id even with statistics from before a synchronization. */
export const EACH_GIVEN_USER = `
  cross join lateral (select id, org_id, user_id, attributes from scim_users where id = given.id offset 0) s`;

/** The account of each user with each of its granting groups, newest first. */
const GRANTING_GROUPS_OF: Statement = named('scim_groups_given_to')`
  select s.user_id as "userId", g.kind, g.org_role as "orgRole", g.workspace_id as "workspaceId",
    g.role_id as "roleId"
  from unnest($2::uuid[]) as given (id) ${EACH_GIVEN_USER}
  left join lateral (
    select g.* from scim_group_members gm join scim_groups g on g.id = gm.group_id
    where gm.scim_user_id = s.id and (g.kind = 'admin' or g.workspace_id is not null) offset 0) g on true
  where s.org_id = $1
  order by g.created_at desc, g.id desc`;

type GrantingRow = { userId: string } & (GrantingGroup | { kind: null });

/** The values of `roles` of the SCIM user `s`, in its order, each with the role that it gives, unless that was deleted. */
const VALUES = `
  jsonb_array_elements(s.attributes -> 'roles') with ordinality as e (value, place)
    left join lateral (
      select r.id as role_id, w.id as workspace_id,
        coalesce(w.display_name || '/', '') || r.display_name as display
      from roles r left join workspaces w on w.org_id = s.org_id
        and w.id = case when ${isWorkspaceRoleId(`(e.value ->> 'value')`)} then left(e.value ->> 'value', 36)::uuid end
      where (r.org_id is null or r.org_id = s.org_id)
        and r.id = case when ${isRoleId(`(e.value ->> 'value')`)} then right(e.value ->> 'value', 36)::uuid end
        and case r.access_scope when 'organization' then length(e.value ->> 'value') = 36 else w.id is not null end) g on true`;

/** `attributes` of the SCIM user `s`; if `roles` has an effect, with the names of now of the roles that it gives. */
export const SHOWN_ATTRIBUTES = `
  case when s.attributes ? 'roles' and (select scim_roles_enabled from organizations where id = s.org_id)
    then s.attributes || jsonb_build_object('roles', (
      select jsonb_agg(e.value || jsonb_strip_nulls(jsonb_build_object('display', g.display)) order by e.place) from ${VALUES}))
    else s.attributes end`;

const LIST_GIVEN: Statement = named('scim_user_roles_given')`
  select s.user_id as "userId", g.workspace_id as "workspaceId", g.role_id as "roleId"
  from organizations o
    cross join unnest($2::uuid[]) as given (id) ${EACH_GIVEN_USER}
    cross join lateral ${VALUES}
  where o.id = $1 and o.scim_roles_enabled and s.org_id = o.id and g.role_id is not null`;

const storedWhere = (name: string, condition: string): Statement => ({
  name,
  text: `
    select s.id, s.user_id as "userId", s.attributes -> 'roles' as roles, s.roles_are_confirmed as "areConfirmed",
      m.role_id as "orgRoleId", m.user_email as email, m.user_full_name as "fullName"
    from scim_users s join org_memberships m on m.org_id = s.org_id and m.user_id = s.user_id
    where s.org_id = $1 and s.id > $2 and ${condition} order by s.id limit $3`,
});

/**
 * Users with the attribute, after `$2`. `waiting`: with a text that may come to name a role in a workspace, where roles have an
 * effect; the index `scim_users_by_named_roles` has this condition.
 */
const STORED = {
  all: storedWhere('scim_user_roles_stored', `s.attributes ? 'roles'`),
  waiting: storedWhere(
    'scim_user_roles_waiting',
    `s.attributes @? '$.roles[*].value ? (@ like_regex "/")'
      and exists (select from organizations where id = $1 and scim_roles_enabled)`,
  ),
};

const REPLACE: Statement = named('scim_user_roles_replace')`
  update scim_users s set roles_are_confirmed = true, version = version + 1, updated_at = now(),
    attributes = (s.attributes - 'roles')
      || case when given.roles = '[]' then '{}' else jsonb_build_object('roles', given.roles) end
  from jsonb_to_recordset($2::jsonb) as given (id uuid, roles jsonb)
  where s.org_id = $1 and s.id = given.id`;

export type StoredRoles = {
  readonly id: string;
  readonly userId: string;
  readonly roles: Json[];
  readonly areConfirmed: boolean;
  readonly orgRoleId: string;
  readonly email: string;
  readonly fullName: string | null;
};

/** What gives roles to SCIM users: their attribute `roles`, and their groups. */
@Injectable()
export class UserRolesRepository {
  constructor(private readonly sql: Sql) {}

  /** By user id; none if the organization has not switched them on. */
  async listGiven(orgId: string, scimUserIds: readonly string[]): Promise<Map<string, GivenRole[]>> {
    const rows = await this.sql.rows<GivenRole & { userId: string }>(LIST_GIVEN, [orgId, scimUserIds]);
    return Map.groupBy(rows, ({ userId }) => userId);
  }

  /** The granting groups by user id, newest first; an empty list for users in none. */
  async listGrantingGroups(orgId: string, userIds: readonly string[]): Promise<Map<string, GrantingGroup[]>> {
    const rows = await this.sql.rows<GrantingRow>(GRANTING_GROUPS_OF, [orgId, userIds]);
    const granting = new Map<string, GrantingGroup[]>();
    for (const row of rows) {
      const groups = granting.get(row.userId) ?? [];
      granting.set(row.userId, row.kind === null ? groups : [...groups, row]);
    }
    return granting;
  }

  /** In the order of their ids. */
  async *chunks(which: keyof typeof STORED, orgId: string, afterId: string | null = null) {
    for (let last = afterId ?? BEFORE_ALL; ;) {
      const users = await this.sql.rows<StoredRoles>(STORED[which], [orgId, last, CHUNK]);
      const end = users.at(-1);
      if (!end) return;
      yield users;
      last = end.id;
    }
  }

  async replace(
    orgId: string,
    users: readonly { readonly id: string; readonly roles: readonly JsonObject[] }[],
  ): Promise<void> {
    if (users.length > 0) await this.sql.affected(REPLACE, [orgId, JSON.stringify(users)]);
  }
}

const CHUNK = 500; // users
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';
