import type { HeldOrgRole, HeldWorkspaceRole } from '../../../members/index.js';
import { systemRole } from '../../../rbac/index.js';
import type { GroupRoles } from './group-roles.js';

export type RoleChanges = {
  readonly orgRoles: readonly { userId: string; roleId: string }[];
  readonly granted: readonly { userId: string; workspaceId: string; roleId: string }[];
  /** Membership ids. */
  readonly revoked: readonly string[];
};

const ORG_USER = systemRole('ORGANIZATION_USER').id;

/**
 * The changes from the held roles to the granted ones. Groups override every other source and revoke only what groups
 * granted (docs/contract/members.md#provenance); a user in no group stays Organization User
 * (docs/contract/sign-in.md#group-claim).
 */
export function roleChanges(
  held: { orgRoles: readonly HeldOrgRole[]; workspaceRoles: readonly HeldWorkspaceRole[] },
  rolesOf: (userId: string) => GroupRoles,
): RoleChanges {
  const memberships = Map.groupBy(held.workspaceRoles, ({ userId }) => userId);
  const members = held.orgRoles.map((orgRole) => ({
    ...orgRole,
    wanted: rolesOf(orgRole.userId),
    workspaceRoles: memberships.get(orgRole.userId) ?? [],
  }));
  return {
    orgRoles: members.flatMap(orgRoleChange),
    granted: members.flatMap(grantedWorkspaceRoles),
    revoked: members.flatMap(({ wanted: target, workspaceRoles: current }) =>
      current
        .filter(({ source, workspaceId }) => source === 'scim' && !target.workspaceRoles.has(workspaceId))
        .map(({ id }) => id),
    ),
  };
}

type MemberRoles = HeldOrgRole & { wanted: GroupRoles; workspaceRoles: readonly HeldWorkspaceRole[] };

function orgRoleChange({ userId, roleId, source, wanted: target }: MemberRoles) {
  const isManagedByScim = source === 'scim';
  const next = target.orgRoleId ?? (isManagedByScim ? ORG_USER : roleId);
  const isUnchanged = next === roleId && (isManagedByScim || target.orgRoleId === null);
  return isUnchanged ? [] : [{ userId, roleId: next }];
}

function grantedWorkspaceRoles({ userId, wanted: target, workspaceRoles }: MemberRoles) {
  const current = new Map(workspaceRoles.map((workspaceRole) => [workspaceRole.workspaceId, workspaceRole]));
  return [...target.workspaceRoles].flatMap(([workspaceId, roleId]) => {
    const workspaceRole = current.get(workspaceId);
    const isUnchanged = workspaceRole?.roleId === roleId && workspaceRole.source === 'scim';
    return isUnchanged ? [] : [{ userId, workspaceId, roleId }];
  });
}
