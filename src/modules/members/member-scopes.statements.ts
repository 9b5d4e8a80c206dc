/*
 * Memberships that have ended and are not tidied yet, a minute at most (docs/contract/members.md#access-that-ends), by
 * partial indexes. Views without them serve all reading; these parts serve counts that are kept and scans of indexes.
 */

/** Ids of the memberships of an organization that have ended or have another role since. `org`: a parameter or column. */
export const atEndInOrg = (org: string): string =>
  `select e.id from org_memberships e where e.org_id = ${org} and e.access_expires_at <= now()`;

/** The same of a workspace, or of `any(…)` of several. */
export const atEndInWorkspace = (workspace: string): string =>
  `select e.id from workspace_memberships e where e.workspace_id = ${workspace} and e.access_expires_at <= now()`;

export const endedInOrg = (org: string): string => `${atEndInOrg(org)} and e.reverts_to_role_id is null`;

/** Those that ended with the membership in the organization included. */
export const endedInWorkspace = (workspace: string): string => `
  ${atEndInWorkspace(workspace)} and e.reverts_to_role_id is null
  union
  select e.id from workspace_memberships e where e.workspace_id = ${workspace} and e.org_access_ends_at <= now()`;

/** The number of members of an organization; null without a row of counts. */
export const memberCountOfOrg = (org: string): string => `
  ((select h.members from headcounts h where h.org_id = ${org}) - (select count(*)::int from (${endedInOrg(org)}) e))`;

export const memberCountOfWorkspace = (workspace: string): string => `
  ((select h.members from workspace_headcounts h where h.workspace_id = ${workspace})
    - (select count(*)::int from (${endedInWorkspace(workspace)}) e))`;

/** The present role of a membership meets the condition: by the index of roles, or by that of ends for a role after one. */
export const hasRole = (membership: string, condition: string, atEnd: string): string => `
  (${membership}.role_id ${condition} or ${membership}.id = any(array(${atEnd})))
  and case when ${membership}.access_expires_at <= now() then ${membership}.reverts_to_role_id
    else ${membership}.role_id end ${condition}`;

/** Differences between members of organizations and of workspaces. `m` is the membership. */
export type Scope = {
  readonly name: string;
  readonly from: string;
  /** Without ended memberships, and with the roles after an end. */
  readonly fromCurrent: string;
  readonly owner: string;
  readonly columns: string;
  readonly joins: string;
  readonly disabled: string;
  readonly ended: string;
  readonly atEnd: string;
  readonly headcount: string;
  readonly orgId: string;
  /** Condition for a member whose membership of the organization, under the given alias, meets `condition`. */
  readonly whoseMember: (condition: (alias: string) => string) => string;
};

export const IN_ORG: Scope = {
  name: 'org',
  from: 'from org_memberships m',
  fromCurrent: 'from current_org_memberships m',
  owner: 'org_id',
  columns: `
    m.is_disabled as "isDisabled",
    array(
      select w.workspace_id from current_workspace_memberships w
      where w.org_id = m.org_id and w.user_id = m.user_id order by w.created_at, w.id) as "workspaceIds"`,
  joins: '',
  disabled: 'm.is_disabled',
  ended: endedInOrg('$1'),
  atEnd: atEndInOrg('$1'),
  headcount: memberCountOfOrg('$1'),
  orgId: '$1',
  whoseMember: (condition) => condition('m'),
};

// Without the order, the planner of a named statement may scan the whole table for one row of a small workspace.
const ORG_OF_WORKSPACE =
  '(select org_id from workspace_memberships where workspace_id = $1 order by user_id limit 1)';

export const IN_WORKSPACE: Scope = {
  name: 'workspace',
  from: 'from workspace_memberships m',
  fromCurrent: 'from current_workspace_memberships m',
  owner: 'workspace_id',
  columns: `
    o.is_disabled as "isDisabled", g.id as "orgRoleId", g.display_name as "orgRoleName",
    m.workspace_id as "workspaceId"`,
  joins: `
    join current_org_memberships o on o.org_id = m.org_id and o.user_id = m.user_id
    join roles g on g.id = o.role_id`,
  disabled: `exists (
    select from org_memberships d where d.is_disabled and d.user_id = m.user_id
    and d.org_id = ${ORG_OF_WORKSPACE})`,
  ended: endedInWorkspace('$1'),
  atEnd: atEndInWorkspace('$1'),
  headcount: memberCountOfWorkspace('$1'),
  orgId: ORG_OF_WORKSPACE,
  // With an array, the planner looks each one up; it would read all members of the workspace for a join.
  whoseMember: (condition) =>
    `m.user_id = any(array(select d.user_id from org_memberships d where ${condition('d')}))`,
};
