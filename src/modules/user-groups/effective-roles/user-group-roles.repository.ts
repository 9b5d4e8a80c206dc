import { Injectable } from '@nestjs/common';
import type { GrantedGroup } from '../../../common/access/access-limits.js';
import { Sql } from '../../../database/transactions/sql.js';

/**
 * A part of a statement: the roles that a user has in a workspace through user groups, as `g` (`role_ids`, the
 * `custom_permissions` of the custom ones among them, and `ends_at`, when one of them ends). The statement around it has the user's membership `m` in the
 * organization `o`, and the workspace `w` (id, role_id). Without a role of their own there, the user is not a member of
 * the workspace, and groups give nothing.
 */
export const GROUP_ROLES = `
  left join lateral (
    select t.role_ids, nullif(t.ends_at, 'infinity') as ends_at, array(
      select p from roles s cross join unnest(s.permissions) p
      where s.id = any(t.role_ids) and s.org_id is not null) as custom_permissions
    from (
      select array_agg(role_id) as role_ids, min(ends_at) as ends_at from user_group_roles
      where user_id = m.user_id and workspace_id = w.id and ends_at > now()) t
  ) g on w.role_id is not null and o.can_use_user_groups`;

/** Ids of the policies that apply to the members of the group `g` in the workspace of the grant `c`. */
export const POLICIES_IN_GRANT = `
  array(
    select a.access_policy_id from user_group_policies a
    where a.user_group_id = g.id and (a.workspace_id is null or a.workspace_id = c.workspace_id))`;

export type UserGroupRoleInWorkspace = { workspaceId: string; roleId: string };
/** The workspaces of the organization, found through its grants. */
const LIST = {
  name: 'user_group_roles_list',
  text: `
    select t.workspace_id as "workspaceId", t.role_id as "roleId"
    from user_group_roles t join organizations o on o.id = $1
    where t.user_id = $2 and t.ends_at > now() and o.can_use_user_groups
      and exists (select from user_groups g where g.workspace_id = t.workspace_id and g.org_id = o.id)`,
};

/** What groups have in a workspace, their children included, also while the organization does not have the feature. */
const LIST_GRANTED = {
  name: 'user_group_roles_list_granted',
  text: `
    select g.id, g.name, c.workspace_id as "workspaceId", c.role_id as "roleId", ${POLICIES_IN_GRANT} as "policyIds"
    from current_user_group_members m
    join user_groups g on g.id = m.user_group_id
    join current_user_groups c on c.org_id = m.org_id and c.workspace_id is not null
      and g.id in (c.parent_user_group_id, c.id)
    where m.org_id = $1 and m.user_id = $2`,
};

/** The roles that users have in workspaces through user groups; triggers write the table. */
@Injectable()
export class UserGroupRolesRepository {
  constructor(private readonly sql: Sql) {}

  /** Also in workspaces of which the user is not a member, where they have no effect. */
  list(orgId: string, userId: string): Promise<UserGroupRoleInWorkspace[]> {
    return this.sql.rows(LIST, [orgId, userId]);
  }

  /** All that the groups of the user would give them as a member of each workspace. */
  listGranted(orgId: string, userId: string): Promise<GrantedGroup[]> {
    return this.sql.rows(LIST_GRANTED, [orgId, userId]);
  }
}
