import type { TestApp } from '../test-app.js';

type Condition = { tagKey: string; operator: string; value: string };
export type PolicyRow = {
  id: string;
  name: string;
  effect: 'allow' | 'deny';
  groups: { permission: string; resourceType: string; conditions: Condition[] }[];
};
/** `name`: the machine name of a system role, CUSTOM of others. */
export type RoleRow = { id: string; name: string; title: string; permissions: string[] };
export type InvitationRow = { id: string; email: string; org_role: string; is_expired: boolean };
export type KeyRow = { id: string; name: string; org_wide: boolean; org_role: string | null; role: string };
export type GroupRow = { id: string; name: string; parent: string | null; workspace: string | null };
export type TaggingRow = { workspace: string; type: string; resource: string; key: string; value: string };

/** What decides about access in one organization, as stored. All values that are not named otherwise are ids. */
export type Rows = {
  org: { groups_on: boolean; separator: string }[];
  workspaces: { id: string; name: string }[];
  roles: RoleRow[];
  policies: PolicyRow[];
  role_policies: { role: string; policy: string }[];
  members: { user: string; id: string; email: string; role: string; is_disabled: boolean }[];
  places: { id: string; user: string; workspace: string; role: string; source: string }[];
  invitations: InvitationRow[];
  offers: { invitation: string; workspace: string; role: string }[];
  groups: (GroupRow & { role: string | null; idp: string | null; sync: boolean })[];
  group_members: { group: string; user: string; source: string }[];
  group_accounts: { group: string; account: string }[];
  group_policies: { group: string; policy: string; workspace: string | null }[];
  accounts: { id: string; name: string; identity: string }[];
  account_places: { account: string; workspace: string; role: string }[];
  keys: KeyRow[];
  key_places: { key: string; workspace: string }[];
  taggings: (TaggingRow & { id: string })[];
  tag_values: { id: string; key_id: string; workspace: string; key: string; value: string }[];
  scim_groups: { id: string; name: string; kind: string; workspace: string | null; role: string | null }[];
  scim_users: { id: string; user: string; email: string }[];
  scim_group_members: { group: string; user: string }[];
};

/** `$1`: the organization. */
const QUERIES: Readonly<Record<keyof Rows, string>> = {
  org: `select can_use_user_groups as groups_on, scim_group_name_separator as separator from organizations where id = $1`,
  workspaces: `select id, display_name as name from workspaces where org_id = $1`,
  roles: `select id, name, display_name as title, permissions from roles where org_id = $1 or org_id is null`,
  policies: `select id, name, effect, condition_groups as groups from access_policies where org_id = $1`,
  role_policies: `select a.role_id as role, p.id as policy
    from access_policy_roles a join access_policies p on p.id = a.access_policy_id where p.org_id = $1`,
  members: `select m.user_id as "user", m.id, u.email, m.role_id as role, m.is_disabled
    from current_org_memberships m join users u on u.id = m.user_id where m.org_id = $1`,
  places: `select id, user_id as "user", workspace_id as workspace, role_id as role, source
    from current_workspace_memberships where org_id = $1`,
  invitations: `select id, email, org_role_id as org_role, coalesce(expires_at <= now(), false) as is_expired
    from invitations where org_id = $1 and status = 'pending'`,
  offers: `select w.invitation_id as invitation, w.workspace_id as workspace, w.role_id as role
    from invitation_workspaces w join invitations i on i.id = w.invitation_id
    where w.org_id = $1 and i.status = 'pending'`,
  groups: `select id, name, parent_user_group_id as parent, workspace_id as workspace, role_id as role,
      idp_group_name as idp, idp_sync_enabled as sync
    from current_user_groups where org_id = $1`,
  group_members: `select user_group_id as "group", user_id as "user", source
    from current_user_group_members where org_id = $1`,
  group_accounts: `select user_group_id as "group", service_account_id as account
    from user_group_service_accounts where org_id = $1`,
  group_policies: `select user_group_id as "group", access_policy_id as policy, workspace_id as workspace
    from user_group_policies
    where org_id = $1 and user_group_id in (select id from current_user_groups)`,
  accounts: `select id, name, identity_id as identity from service_accounts where org_id = $1`,
  account_places: `select service_account_id as account, workspace_id as workspace, role_id as role
    from service_account_workspaces where org_id = $1`,
  keys: `select id, description as name, is_org_wide as org_wide, org_role_id as org_role, workspace_role_id as role
    from api_keys where org_id = $1 and kind = 'service'`,
  key_places: `select api_key_id as key, workspace_id as workspace from api_key_workspaces where org_id = $1`,
  taggings: `select t.id, t.workspace_id as workspace, t.resource_type as type, t.resource_id as resource, k.key, v.value
    from taggings t join tag_values v on v.id = t.tag_value_id join tag_keys k on k.id = v.tag_key_id
    join workspaces w on w.id = t.workspace_id where w.org_id = $1`,
  tag_values: `select v.id, k.id as key_id, k.workspace_id as workspace, k.key, v.value
    from tag_values v join tag_keys k on k.id = v.tag_key_id
    join workspaces w on w.id = k.workspace_id where w.org_id = $1`,
  scim_groups: `select id, display_name as name, kind, workspace_id as workspace, role_id as role
    from scim_groups where org_id = $1`,
  scim_users: `select s.id, s.user_id as "user", u.email from scim_users s join users u on u.id = s.user_id
    where s.org_id = $1`,
  scim_group_members: `select group_id as "group", scim_user_id as "user" from scim_group_members where org_id = $1`,
};

const SELECT_ALL = `select json_build_object(${Object.entries(QUERIES)
  .map(
    ([name, query]) => `'${name}', (select coalesce(json_agg(t order by t::text), '[]') from (${query}) t)`,
  )
  .join(', ')}) as rows`;

/** One statement, so that all rows are of one moment; equal states have equal texts. */
export async function loadRows({ sql }: Pick<TestApp, 'sql'>, orgId: string): Promise<Rows> {
  const [found] = await sql<{ rows: Rows }>(SELECT_ALL, [orgId]);
  if (!found) throw new Error('the statement returned no row');
  return found.rows;
}
