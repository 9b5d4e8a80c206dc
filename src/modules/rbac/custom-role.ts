import { type Permission, isPermission, permissionScope } from '../../common/access/permissions.js';
import { RoleNameTaken, UnfitPermissions } from './rbac.errors.js';
import { SYSTEM_ROLES } from './system-roles.js';

export type RoleDesign = { displayName: string; description: string; permissions: string[] };
export type FitDesign = RoleDesign & { permissions: Permission[] };

/** The display names of system roles at workspace scope stay theirs: clients look roles up by name and scope. */
const RESERVED: ReadonlySet<string> = new Set(
  SYSTEM_ROLES.filter(({ accessScope }) => accessScope === 'workspace').map(({ displayName }) => displayName),
);

/** Checks what a custom role may be: workspace permissions only, at least one; repeats are dropped, order is kept. */
export function fitDesign(design: RoleDesign): FitDesign {
  const problems: { index: number | null; msg: string }[] = design.permissions.flatMap(
    (permission, index) => {
      const msg = unfit(permission);
      return msg ? [{ index, msg }] : [];
    },
  );
  if (design.permissions.length === 0)
    problems.push({ index: null, msg: 'A role needs at least one permission' });
  if (problems.length > 0) throw new UnfitPermissions(problems);
  if (RESERVED.has(design.displayName)) throw new RoleNameTaken();
  return { ...design, permissions: [...new Set(design.permissions.filter(isPermission))] };
}

function unfit(permission: string): string | null {
  if (!isPermission(permission)) return 'There is no such permission';
  return permissionScope(permission) === 'workspace' ? null : 'Custom roles hold workspace permissions only';
}
