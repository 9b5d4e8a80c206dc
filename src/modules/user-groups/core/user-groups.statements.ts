const GROUP = `
  g.id, g.org_id as "orgId", g.name, g.description, g.idp_group_name as "idpGroupName",
  g.idp_sync_enabled as "idpSyncEnabled", g.parent_user_group_id as "parentUserGroupId",
  g.workspace_id as "workspaceId", g.created_at as "createdAt", g.updated_at as "updatedAt"`;

/** A child's name has room for the workspace's id; names have at most 255 characters. */
const NAME_OF_CHILD = (parent: string, workspace: string) =>
  `left(${parent}, 216) || ' (' || ${workspace} || ')'`;

/** Without regard to case. */
const BY_NAME = 'lower(g.name), g.id';

/** $1 organization, $2 whether with its groups, $3 workspaces of children or null, $4 and $5 position, $6 limit. */
export const LIST = {
  name: 'user_groups_list',
  text: `
    select ${GROUP} from user_groups g
    where g.org_id = $1
      and case when g.workspace_id is null then $2 else $3::uuid[] is null or g.workspace_id = any($3) end
      and ($5::uuid is null or (${BY_NAME}) > (lower($4), $5))
    order by ${BY_NAME} limit $6`,
};

/**
 * $1 organization, $2 workspace, $3 whether with groups of the organization, $4 whether with children, $5 and $6
 * position, $7 limit. `c` is the grant.
 */
export const LIST_OF_WORKSPACE = {
  name: 'user_groups_list_of_workspace',
  text: `
    select ${GROUP}, c.role_id as "roleId", r.display_name as "roleName"
    from user_groups c
    join user_groups g on (g.id = c.parent_user_group_id and $3) or (g.id = c.id and $4)
    join roles r on r.id = c.role_id
    where c.workspace_id = $2 and c.org_id = $1 and ($6::uuid is null or (${BY_NAME}) > (lower($5), $6))
    order by ${BY_NAME} limit $7`,
};

/** $1 organization, $2 the renamed group, $3 its name. */
export const FOLLOW_NAME = {
  name: 'user_groups_follow_name',
  text: `
    update user_groups set name = ${NAME_OF_CHILD('$3::text', 'workspace_id')}
    where org_id = $1 and parent_user_group_id = $2`,
};

const GRANT = `
  select g.id, g.workspace_id as "workspaceId", g.role_id as "roleId", r.display_name as "roleName",
    g.created_at as "createdAt", g.updated_at as "updatedAt"
  from user_groups g join roles r on r.id = g.role_id
  where g.org_id = $1 and g.parent_user_group_id = $2`;

/** $1 organization, $2 group, $3 the last workspace of the page before or null, $4 limit. */
export const LIST_GRANTS = {
  name: 'user_groups_list_grants',
  text: `${GRANT} and ($3::uuid is null or g.workspace_id > $3) order by g.workspace_id limit $4`,
};

/** $1 organization, $2 group, $3 workspace. */
export const FIND_GRANT = { name: 'user_groups_find_grant', text: `${GRANT} and g.workspace_id = $3` };

/** `g` is the group of the organization or the child, `c` the grant. $1 organization, $2 group or child. */
export const LIST_GRANTED = {
  name: 'user_groups_list_granted',
  text: `
    select g.id, g.name, c.workspace_id as "workspaceId", c.role_id as "roleId", array(
        select a.access_policy_id from user_group_policies a
        where a.user_group_id = g.id and (a.workspace_id is null or a.workspace_id = c.workspace_id)) as "policyIds"
    from user_groups c join user_groups g on g.id in (c.id, c.parent_user_group_id)
    where c.org_id = $1 and c.workspace_id is not null and (c.parent_user_group_id = $2 or c.id = $2)`,
};

/** $1 organization, $2 group, $3 id of the child, $4 workspace, $5 role. */
export const INSERT_GRANT = {
  name: 'user_groups_insert_grant',
  text: `
    insert into user_groups (id, org_id, name, parent_user_group_id, workspace_id, role_id)
    select $3, org_id, ${NAME_OF_CHILD('name', '$4::uuid')}, id, $4, $5 from user_groups where org_id = $1 and id = $2
    on conflict on constraint user_groups_one_grant_per_workspace do nothing`,
};
