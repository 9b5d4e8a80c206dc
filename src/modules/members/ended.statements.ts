/*
 * Memberships that have ended and are not tidied yet, a minute at most (docs/contract/members.md#access-that-ends), by
 * partial indexes. Views without them serve all reading; these parts serve counts that are kept and scans of indexes.
 */

/** The ids of an organization's. `org`: a parameter or column. */
export const endedInOrg = (org: string): string => `
  select e.id from org_memberships e
  where e.org_id = ${org} and e.access_expires_at <= now() and e.reverts_to_role_id is null`;

/** The ids of a workspace's, those that ended with the membership in the organization included. */
export const endedInWorkspace = (workspace: string): string => `
  select e.id from workspace_memberships e
  where e.workspace_id = ${workspace} and e.access_expires_at <= now() and e.reverts_to_role_id is null
  union
  select e.id from workspace_memberships e where e.workspace_id = ${workspace} and e.org_access_ends_at <= now()`;

/** The number of members of an organization; null without a row of counts. */
export const memberCountOfOrg = (org: string): string => `
  ((select h.members from headcounts h where h.org_id = ${org}) - (select count(*)::int from (${endedInOrg(org)}) e))`;

export const memberCountOfWorkspace = (workspace: string): string => `
  ((select h.members from workspace_headcounts h where h.workspace_id = ${workspace})
    - (select count(*)::int from (${endedInWorkspace(workspace)}) e))`;
