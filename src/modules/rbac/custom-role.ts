import { type Permission, isPermission, permissionScope } from '../../common/access/permissions.js';
import { RoleNameTaken, UnfitRole } from './rbac.errors.js';
import { SYSTEM_ROLES } from './system-roles.js';

export type RoleDesign = { displayName: string; description: string; permissions: string[] };
export type FitDesign = RoleDesign & { permissions: Permission[] };

/** How a name looks, more or less: not by its case, nor by the width of its letters. */
const looksOf = (name: string) => name.normalize('NFKC').toLowerCase();

/** The display names of system roles at workspace scope stay theirs: clients look roles up by name and scope. */
const RESERVED: ReadonlySet<string> = new Set(
  SYSTEM_ROLES.filter(({ accessScope }) => accessScope === 'workspace').map(({ displayName }) =>
    looksOf(displayName),
  ),
);

const INVISIBLE = /\p{C}/u; // control and format characters

const LONGEST_NAME = 255; // characters; it is read in lists, and indexed

/** Checks what a custom role may be: workspace permissions only, at least one; repeats are dropped, order is kept. */
export function fitDesign(design: RoleDesign): FitDesign {
  const problems = design.permissions.flatMap((permission, index) => {
    const msg = unfit(permission);
    return msg ? [{ at: ['permissions', index], msg }] : [];
  });
  if (design.permissions.length === 0)
    problems.push({ at: ['permissions'], msg: 'A role needs at least one permission' });
  const displayName = design.displayName.trim(); // a name that only looks like another one is no name of its own
  if (displayName === '') problems.push({ at: ['display_name'], msg: 'A role needs a name' });
  if (INVISIBLE.test(displayName))
    problems.push({ at: ['display_name'], msg: "A role's name has no invisible characters" });
  if (displayName.length > LONGEST_NAME)
    problems.push({ at: ['display_name'], msg: `A role's name has at most ${LONGEST_NAME} characters` });
  if (problems.length > 0) throw new UnfitRole(problems);
  if (RESERVED.has(looksOf(displayName))) throw new RoleNameTaken();
  return { ...design, displayName, permissions: [...new Set(design.permissions.filter(isPermission))] };
}

function unfit(permission: string): string | null {
  if (!isPermission(permission)) return 'There is no such permission';
  return permissionScope(permission) === 'workspace' ? null : 'Custom roles hold workspace permissions only';
}
