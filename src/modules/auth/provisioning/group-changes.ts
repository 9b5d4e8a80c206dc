import type { HeldGroups } from './held-groups.js';

type Place = {
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
  existing: readonly Place[],
  { places }: Pick<HeldGroups, 'places'>,
): GroupChanges {
  const own = existing.filter(({ source }) => source === 'sso_group');
  const taken = new Set(existing.map(({ workspaceId }) => workspaceId));
  return {
    added: [...places].flatMap(([workspaceId, roleId]) =>
      taken.has(workspaceId) ? [] : [{ workspaceId, roleId }],
    ),
    changed: own.flatMap(({ id, workspaceId, roleId }) => {
      const wanted = places.get(workspaceId);
      return wanted && wanted !== roleId ? [{ id, workspaceId, roleId: wanted }] : [];
    }),
    removed: own.flatMap(({ id, workspaceId }) => (places.has(workspaceId) ? [] : [{ id, workspaceId }])),
  };
}
