import type { ResolvedGroups } from './resolved-groups.js';

type ExistingMembership = {
  readonly id: string;
  readonly workspaceId: string;
  readonly roleId: string;
  readonly source: string;
};

export type GroupChanges = {
  readonly added: readonly { workspaceId: string; roleId: string }[];
  readonly changed: readonly { id: string; workspaceId: string; roleId: string }[];
  readonly removed: readonly { id: string; workspaceId: string }[];
};

/**
 * Compares existing workspace memberships with those that the groups grant. Only memberships with source `sso_group`
 * are changed or removed; all others stay, even if a group grants another role (docs/contract/members.md#provenance).
 */
export function groupChanges(
  existing: readonly ExistingMembership[],
  { workspaceRoles }: Pick<ResolvedGroups, 'workspaceRoles'>,
): GroupChanges {
  const ownMemberships = existing.filter(({ source }) => source === 'sso_group');
  const existingIds = new Set(existing.map(({ workspaceId }) => workspaceId));
  return {
    added: [...workspaceRoles].flatMap(([workspaceId, roleId]) =>
      existingIds.has(workspaceId) ? [] : [{ workspaceId, roleId }],
    ),
    changed: ownMemberships.flatMap(({ id, workspaceId, roleId }) => {
      const requestedRoleId = workspaceRoles.get(workspaceId);
      return requestedRoleId && requestedRoleId !== roleId
        ? [{ id, workspaceId, roleId: requestedRoleId }]
        : [];
    }),
    removed: ownMemberships.flatMap(({ id, workspaceId }) =>
      workspaceRoles.has(workspaceId) ? [] : [{ id, workspaceId }],
    ),
  };
}
