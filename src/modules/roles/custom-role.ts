import { isPermission, type Permission, permissionScope } from '../../common/access/permissions.js';
import { INVISIBLE, INVISIBLE_MESSAGE } from '../../common/http/operations/value-checks.js';
import type { Role } from './entities.js';
import { InvalidRole, InvalidRoleReference, RoleNameTaken } from './errors.js';
import { SYSTEM_ROLES } from './system-roles.js';

export type RoleInput = { displayName: string; description: string; permissions: string[] };
type ValidRoleInput = RoleInput & { permissions: Permission[] };

/** The name without differences of case and letter width, which look alike. */
const visualForm = (name: string) => name.normalize('NFKC').toLowerCase();

/** Display names of workspace system roles are reserved: clients look roles up by name and scope. */
const RESERVED: ReadonlySet<string> = new Set(
  SYSTEM_ROLES.filter(({ accessScope }) => accessScope === 'workspace').map(({ displayName }) =>
    visualForm(displayName),
  ),
);

const MAX_NAME_LENGTH = 255; // characters; the column is indexed

/** Validates a custom role: at least one permission, all of workspace scope. Duplicates are dropped, order is kept. */
export function validateRoleInput(input: RoleInput): ValidRoleInput {
  const problems = input.permissions.flatMap((permission, index) => {
    const msg = permissionProblem(permission);
    return msg ? [{ at: ['permissions', index], msg }] : [];
  });
  if (input.permissions.length === 0)
    problems.push({ at: ['permissions'], msg: 'A role needs at least one permission' });
  const displayName = input.displayName.trim(); // surrounding blanks would make a name that looks like another
  if (displayName === '') problems.push({ at: ['display_name'], msg: 'A role needs a name' });
  if (INVISIBLE.test(displayName)) problems.push({ at: ['display_name'], msg: INVISIBLE_MESSAGE });
  if (displayName.length > MAX_NAME_LENGTH)
    problems.push({
      at: ['display_name'],
      msg: `A role's name may have at most ${MAX_NAME_LENGTH} characters`,
    });
  if (problems.length > 0) throw new InvalidRole(problems);
  if (RESERVED.has(visualForm(displayName))) throw new RoleNameTaken();
  return { ...input, displayName, permissions: [...new Set(input.permissions.filter(isPermission))] };
}

function permissionProblem(permission: string): string | null {
  if (!isPermission(permission)) return 'There is no such permission';
  return permissionScope(permission) === 'workspace' ? null : 'Custom roles hold workspace permissions only';
}

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
