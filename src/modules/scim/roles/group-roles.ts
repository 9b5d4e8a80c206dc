import { getOrThrow } from '../../../common/collections.js';
import { type MemberRoleName, ORG_ADMIN_ID, systemRole, highestOrgRole } from '../../roles/index.js';
import type { HeldOrgRole, HeldWorkspaceRole, MembershipChanges } from '../../members/index.js';
import type { GivenRole } from './role-values.js';
import type { RolesTouched } from '../tokens/scim-token-scope.js';

/** A group that grants a role, as one of its members sees it. */
export type GrantingGroup =
  | { readonly kind: 'admin' }
  | {
      readonly kind: 'workspace';
      readonly orgRole: MemberRoleName;
      readonly workspaceId: string;
      readonly roleId: string;
    };

/** What a user gets over SCIM. `orgRoleId` is null if nothing determines it. */
export type WantedRoles = {
  readonly orgRoleId: string | null;
  readonly workspaceRoles: ReadonlyMap<string, string>;
};

const WORKSPACE_ADMIN = systemRole('WORKSPACE_ADMIN').id;

/**
 * Precedence (docs/contract/scim.md#precedence): a group of admins, then the attribute `roles`, then other groups. In each workspace
 * the newest of `groups`, sorted newest first, decides, and the highest organization role of the deciding groups applies.
 */
export function combineRoles(
  groups: readonly GrantingGroup[],
  attribute: readonly GivenRole[] = [],
): WantedRoles {
  const orgRoleId = attribute.find(({ workspaceId }) => workspaceId === null)?.roleId ?? null;
  const isAdmin = orgRoleId === ORG_ADMIN_ID || groups.some(({ kind }) => kind === 'admin');
  const newest = new Map<string, GrantingGroup & { kind: 'workspace' }>();
  for (const group of groups)
    if (group.kind === 'workspace' && !newest.has(group.workspaceId)) newest.set(group.workspaceId, group);
  const workspaceRoles = [...newest.values(), ...attribute].flatMap(({ workspaceId, roleId }) =>
    workspaceId === null ? [] : [[workspaceId, isAdmin ? WORKSPACE_ADMIN : roleId] as const],
  );
  return {
    orgRoleId: isAdmin ? ORG_ADMIN_ID : (orgRoleId ?? highestOf([...newest.values()])),
    workspaceRoles: new Map(workspaceRoles), // the attribute overrides groups
  };
}

function highestOf(groups: readonly { orgRole: MemberRoleName }[]): string | null {
  const name = highestOrgRole(groups.map(({ orgRole }) => orgRole));
  return name === undefined ? null : systemRole(name).id;
}

type HeldRoles = {
  readonly orgRoles: readonly HeldOrgRole[];
  readonly workspaceRoles: readonly HeldWorkspaceRole[];
};

type RoleChanges = ReturnType<typeof roleChanges>;

/** The role of users who join through SCIM, as long as no group gives another. */
export const ORG_USER = systemRole('ORGANIZATION_USER').id;

/**
 * SCIM overrides every other source and revokes only what SCIM granted (docs/contract/members.md#provenance); a user whom it gives
 * nothing stays Organization User (docs/contract/sign-in.md#group-claim).
 */
export function roleChanges(held: HeldRoles, rolesOf: (userId: string) => WantedRoles) {
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
      current.filter(
        ({ source, workspaceId }) => source === 'scim' && !target.workspaceRoles.has(workspaceId),
      ),
    ),
  };
}

type MemberRoles = HeldOrgRole & { wanted: WantedRoles; workspaceRoles: readonly HeldWorkspaceRole[] };

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

/** The same changes with the roles before, for the audit log. A membership that only changes its source is left out. */
export function membershipChanges(held: HeldRoles, changes: RoleChanges): MembershipChanges {
  const orgRoles = new Map(held.orgRoles.map(({ userId, roleId }) => [userId, roleId]));
  const placeOf = (one: { userId: string; workspaceId: string }) => `${one.workspaceId} ${one.userId}`;
  const places = new Map(held.workspaceRoles.map((one) => [placeOf(one), one.roleId]));
  return {
    orgChanged: changes.orgRoles.map((one) => ({ ...one, fromRoleId: getOrThrow(orgRoles, one.userId) })),
    added: changes.granted.filter((one) => !places.has(placeOf(one))),
    changed: changes.granted.flatMap((one) => {
      const fromRoleId = places.get(placeOf(one));
      return fromRoleId ? [{ ...one, fromRoleId }] : [];
    }),
    removed: changes.revoked,
  };
}

/** The organization roles of the affected users before and after, and what they get and lose in workspaces. */
export function rolesTouched(held: HeldRoles, { orgRoles, granted, revoked }: RoleChanges): RolesTouched {
  const lost = revoked.map((membership) => ({ ...membership, roleId: null }));
  const userIds = new Set([...orgRoles, ...granted, ...lost].map(({ userId }) => userId));
  const affected = held.orgRoles.filter(({ userId }) => userIds.has(userId));
  return {
    orgRoleIds: [...affected, ...orgRoles].map(({ roleId }) => roleId),
    inWorkspaces: [...granted, ...lost].map(({ userId, workspaceId, roleId }) => ({
      subject: { memberId: userId },
      workspaceId,
      roleId,
    })),
  };
}
