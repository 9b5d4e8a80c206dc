import type { Permission } from '../../common/access/permissions.js';
import type { HeldRole } from '../../common/access/principal.js';
import { getOrThrow } from '../../common/collections.js';
import { SYSTEM_ROLES, systemRole } from './system-roles.js';

/** One permission set per system role for the whole process, so that authentication allocates none. */
const SYSTEM: ReadonlyMap<string, HeldRole> = new Map(
  SYSTEM_ROLES.map(({ id, name, permissions }) => [id, { id, name, permissions: new Set(permissions) }]),
);

/** The role of an organization admin in every workspace. */
export const WORKSPACE_ADMIN: HeldRole = getOrThrow(SYSTEM, systemRole('WORKSPACE_ADMIN').id);

/**
 * The role with the permissions that the user also has through user groups: those of the roles `ids`, of which
 * `customPermissions` are those of the custom ones. Id and name stay those of the user's own role.
 */
export function withGroupRoles(
  own: HeldRole,
  ids: readonly string[],
  customPermissions: readonly Permission[] | null,
): HeldRole {
  const ofSystemRoles = ids.flatMap((id) => [...(SYSTEM.get(id)?.permissions ?? [])]);
  return {
    ...own,
    permissions: new Set([...own.permissions, ...ofSystemRoles, ...(customPermissions ?? [])]),
  };
}

/** `customPermissions`: the permissions of a custom role. Null if no role is held. */
export function heldRole(
  id: string | null,
  customPermissions: readonly Permission[] | null,
): HeldRole | null {
  if (id === null) return null;
  return SYSTEM.get(id) ?? { id, name: 'CUSTOM', permissions: new Set(customPermissions) };
}
