/**
 * In the groups `g` that follow a group of the identity provider, also while the organization does not have the feature:
 * whom the provider removed meanwhile must not come back with it. SCIM takes over members of single sign-on, and neither
 * touches members by hand (docs/contract/user-groups.md#synchronization).
 */
const FOLLOWING = 'g.org_id = $1 and g.idp_sync_enabled';

/** $1 organization, $2 names: those that are followed. */
export const FOLLOWED_NAMES = {
  name: 'user_groups_followed_names',
  text: `select g.idp_group_name as name from user_groups g where ${FOLLOWING} and g.idp_group_name = any($2)`,
};

/** $1 organization, $2 name, $3 added users, $4 removed ones: those whose membership changes, and what the group has. */
export const SCIM_CHANGES = {
  name: 'user_groups_scim_changes',
  text: `
    select coalesce(
        (select json_agg(json_build_object('id', g.id, 'name', g.name, 'workspaceId', c.workspace_id,
            'roleId', c.role_id, 'policyIds', array(
              select a.access_policy_id from user_group_policies a
              where a.user_group_id = g.id and (a.workspace_id is null or a.workspace_id = c.workspace_id))))
          from user_groups c
          where c.org_id = g.org_id and c.workspace_id is not null and g.id in (c.parent_user_group_id, c.id)),
        '[]') as grants,
      array(
        select added.id from unnest($3::uuid[]) added (id)
        where not exists (select from user_group_members m where m.user_group_id = g.id and m.user_id = added.id)
      ) as joining,
      array(
        select m.user_id from user_group_members m
        where m.user_group_id = g.id and m.source = 'scim' and m.user_id = any($4) and m.user_id <> all($3)
      ) as leaving
    from user_groups g where ${FOLLOWING} and g.idp_group_name = $2`,
};

/** $1 organization, $2 name, $3 users. */
export const ADD_SCIM_MEMBERS = {
  name: 'user_group_members_add_scim',
  text: `
    insert into user_group_members as m (user_group_id, user_id, org_id, source)
    select g.id, o.user_id, o.org_id, 'scim'
    from user_groups g join org_memberships o on o.org_id = g.org_id and o.user_id = any($3)
    where ${FOLLOWING} and g.idp_group_name = $2
    on conflict (user_group_id, user_id) do update set source = 'scim' where m.source = 'sso_group'`,
};

/** $1 organization, $2 name, $3 users. */
export const REMOVE_SCIM_MEMBERS = {
  name: 'user_group_members_remove_scim',
  text: `
    delete from user_group_members m using user_groups g
    where m.user_group_id = g.id and m.source = 'scim' and m.user_id = any($3)
      and ${FOLLOWING} and g.idp_group_name = $2`,
};

/** $1 organization, $2 user, $3 names in the claim. */
export const ADD_CLAIMED_MEMBER = {
  name: 'user_group_members_add_claimed',
  text: `
    insert into user_group_members (user_group_id, user_id, org_id, source)
    select g.id, $2, g.org_id, 'sso_group' from user_groups g where ${FOLLOWING} and g.idp_group_name = any($3)
    on conflict (user_group_id, user_id) do nothing
    returning user_group_id as id`,
};

/** $1 organization, $2 user, $3 names in the claim. */
export const REMOVE_CLAIMED_MEMBER = {
  name: 'user_group_members_remove_claimed',
  text: `
    delete from user_group_members m using user_groups g
    where m.user_group_id = g.id and m.source = 'sso_group' and m.user_id = $2
      and ${FOLLOWING} and g.idp_group_name <> all($3)
    returning m.user_group_id as id`,
};
