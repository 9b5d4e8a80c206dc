/**
 * A part of a statement: the roles that a user has in a workspace through user groups, as `g` (`role_ids` and the
 * `custom_permissions` of the custom ones among them). The statement around it has the user's membership `m` in the
 * organization `o`, and the workspace `w` (id, role_id). Without a role of their own there, the user is not a member of
 * the workspace, and groups give nothing.
 */
export const GROUP_ROLES = `
  left join lateral (
    select t.role_ids, array(
      select p from roles s cross join unnest(s.permissions) p
      where s.id = any(t.role_ids) and s.org_id is not null) as custom_permissions
    from (
      select array_agg(role_id) as role_ids from user_group_roles
      where user_id = m.user_id and workspace_id = w.id) t
  ) g on w.role_id is not null and o.can_use_user_groups`;
