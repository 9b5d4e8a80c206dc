import { type MemberRoleName, ORG_ADMIN_ID, systemRole, highestOrgRole } from '../../../rbac/index.js';

/** A group that grants a role, as one of its members sees it. */
export type GrantingGroup =
  | { readonly kind: 'admin' }
  | {
      readonly kind: 'workspace';
      readonly orgRole: MemberRoleName;
      readonly workspaceId: string;
      readonly roleId: string;
    };

/** What all groups of a user grant together. `orgRoleId` is null if none of them determines it. */
export type GroupRoles = {
  readonly orgRoleId: string | null;
  readonly workspaceRoles: ReadonlyMap<string, string>;
};

const WORKSPACE_ADMIN = systemRole('WORKSPACE_ADMIN').id;

/**
 * Precedence (docs/contract/scim.md#precedence): a group of admins overrides all others; in each workspace the newest
 * group decides, and the highest organization role of the deciding groups applies. `groups` are sorted newest first.
 */
export function combineGroupRoles(groups: readonly GrantingGroup[]): GroupRoles {
  const isAdmin = groups.some(({ kind }) => kind === 'admin');
  const newest = new Map<string, GrantingGroup & { kind: 'workspace' }>();
  for (const group of groups)
    if (group.kind === 'workspace' && !newest.has(group.workspaceId)) newest.set(group.workspaceId, group);
  const workspaceRoles = [...newest.values()].map(
    ({ workspaceId, roleId }) => [workspaceId, isAdmin ? WORKSPACE_ADMIN : roleId] as const,
  );
  return {
    orgRoleId: isAdmin ? ORG_ADMIN_ID : highestOf([...newest.values()]),
    workspaceRoles: new Map(workspaceRoles),
  };
}

function highestOf(groups: readonly { orgRole: MemberRoleName }[]): string | null {
  const name = highestOrgRole(groups.map(({ orgRole }) => orgRole));
  return name === undefined ? null : systemRole(name).id;
}
