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
 * From the places a person has to those his groups give: what groups made is theirs to change and to take away, what
 * anybody else gave stays as it is, also where a group would give another role (contract decision 33).
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
