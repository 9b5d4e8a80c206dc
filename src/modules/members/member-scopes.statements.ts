/** Differences between members of organizations and of workspaces. `m` is the membership. */
export type Scope = {
  readonly name: string;
  readonly from: string;
  readonly owner: string;
  readonly columns: string;
  readonly joins: string;
  /** Condition for a disabled member. */
  readonly disabled: string;
  /** Number of members, which triggers maintain. */
  readonly headcount: string;
  /** The organization. */
  readonly orgId: string;
  /** Condition for a member whose membership of the organization, under the given alias, meets `condition`. */
  readonly whoseMember: (condition: (alias: string) => string) => string;
};

const USER = 'join users u on u.id = m.user_id';
export const ROLE = 'join roles r on r.id = m.role_id';

export const IN_ORG: Scope = {
  name: 'org',
  from: 'from org_memberships m',
  owner: 'org_id',
  columns: `
    m.is_disabled as "isDisabled",
    array(
      select w.workspace_id from workspace_memberships w
      where w.org_id = m.org_id and w.user_id = m.user_id order by w.created_at, w.id) as "workspaceIds"`,
  joins: '',
  disabled: 'm.is_disabled',
  headcount: 'select members from headcounts where org_id = $1',
  orgId: '$1',
  whoseMember: (condition) => condition('m'),
};

// Without the order, the planner of a named statement may scan the whole table for one row of a small workspace.
const ORG_OF_WORKSPACE =
  '(select org_id from workspace_memberships where workspace_id = $1 order by user_id limit 1)';

export const IN_WORKSPACE: Scope = {
  name: 'workspace',
  from: 'from workspace_memberships m',
  owner: 'workspace_id',
  columns: `
    o.is_disabled as "isDisabled", g.id as "orgRoleId", g.display_name as "orgRoleName",
    m.workspace_id as "workspaceId"`,
  joins: `
    join org_memberships o on o.org_id = m.org_id and o.user_id = m.user_id
    join roles g on g.id = o.role_id`,
  disabled: `exists (
    select from org_memberships d where d.is_disabled and d.user_id = m.user_id
    and d.org_id = ${ORG_OF_WORKSPACE})`,
  headcount: 'select members from workspace_headcounts where workspace_id = $1',
  orgId: ORG_OF_WORKSPACE,
  // With an array, the planner looks each one up; it would read all members of the workspace for a join.
  whoseMember: (condition) =>
    `m.user_id = any(array(select d.user_id from org_memberships d where ${condition('d')}))`,
};

/**
 * A member's data beside the user; one row per membership, no join multiplies rows. Login methods are arrays in the order
 * of `MemberLogin`, unsorted: PostgreSQL takes a third of the time of a page longer for objects in order.
 */
export const members = ({ from, columns, joins }: Scope, total: string) => `
  select
    m.id, m.org_id as "orgId", m.user_id as "userId", m.created_at as "createdAt",
    u.email, u.full_name as "fullName", u.avatar_url as "avatarUrl",
    r.id as "roleId", r.display_name as "roleName",
    (select json_agg(json_build_array(
        l.id, l.provider, l.provisioning_method, l.email_confirmed_at, l.provider_email, l.provider_username,
        l.created_at, l.updated_at))
      from login_methods l where l.user_id = m.user_id) as "loginMethods",${columns}${total}
  ${from} ${USER} ${ROLE} ${joins}`;
