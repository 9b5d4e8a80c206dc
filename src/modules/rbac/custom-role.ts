import { type Permission, isPermission, permissionScope } from '../../common/access/permissions.js';
import { RoleNameTaken, InvalidRole } from './rbac.errors.js';
import { SYSTEM_ROLES } from './system-roles.js';

export type RoleInput = { displayName: string; description: string; permissions: string[] };
export type ValidRoleInput = RoleInput & { permissions: Permission[] };

/** How a name looks, more or less: not by its case, nor by the width of its letters. */
const visualForm = (name: string) => name.normalize('NFKC').toLowerCase();

/** The display names of system roles at workspace scope stay theirs: clients look roles up by name and scope. */
const RESERVED: ReadonlySet<string> = new Set(
  SYSTEM_ROLES.filter(({ accessScope }) => accessScope === 'workspace').map(({ displayName }) =>
    visualForm(displayName),
  ),
);

const INVISIBLE = /\p{C}/u; // control and format characters

const MAX_NAME_LENGTH = 255; // characters; it is read in lists, and indexed

/** Checks what a custom role may be: workspace permissions only, at least one; repeats are dropped, order is kept. */
export function validateRoleInput(input: RoleInput): ValidRoleInput {
  const problems = input.permissions.flatMap((permission, index) => {
    const msg = permissionProblem(permission);
    return msg ? [{ at: ['permissions', index], msg }] : [];
  });
  if (input.permissions.length === 0)
    problems.push({ at: ['permissions'], msg: 'A role needs at least one permission' });
  const displayName = input.displayName.trim(); // a name that only looks like another one is no name of its own
  if (displayName === '') problems.push({ at: ['display_name'], msg: 'A role needs a name' });
  if (INVISIBLE.test(displayName))
    problems.push({ at: ['display_name'], msg: "A role's name has no invisible characters" });
  if (displayName.length > MAX_NAME_LENGTH)
    problems.push({ at: ['display_name'], msg: `A role's name has at most ${MAX_NAME_LENGTH} characters` });
  if (problems.length > 0) throw new InvalidRole(problems);
  if (RESERVED.has(visualForm(displayName))) throw new RoleNameTaken();
  return { ...input, displayName, permissions: [...new Set(input.permissions.filter(isPermission))] };
}

function permissionProblem(permission: string): string | null {
  if (!isPermission(permission)) return 'There is no such permission';
  return permissionScope(permission) === 'workspace' ? null : 'Custom roles hold workspace permissions only';
}
