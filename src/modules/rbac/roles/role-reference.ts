import type { Role } from './role.entity.js';
import { InvalidRoleReference } from './rbac.errors.js';

/** A role by its id, by its name, or by both. */
export type RoleReference = { readonly id: string | null; readonly name: string | null };

/** @throws InvalidRoleReference */
export function assertNamesRole({ id, name }: RoleReference): void {
  if (id === null && name === null)
    throw new InvalidRoleReference('role_id', 'Name a role by role_id or by role_name');
}

/**
 * The role with this machine name, else with this display name (docs/contract/roles.md#roles-by-name). All custom roles
 * have the same machine name, which therefore names none.
 */
export const roleNamed = (roles: readonly Role[], name: string): Role | undefined =>
  roles.find((role) => role.orgId === null && role.name === name) ??
  roles.find(({ displayName }) => displayName === name);
