import type { Permission } from '../../../common/access/permissions.js';
import { RoleIsRestricted, RoleNotGrantable } from './rbac.errors.js';
import type { Role } from './role.entity.js';

/** A role as an organization sees it (docs/contract/roles.md#restricted-roles). */
export type OrgRole = Role & { readonly isRestricted: boolean };

/**
 * A caller grants no more than they hold (docs/contract/members.md#no-escalation), be it by an invitation, a
 * membership, a key or a role definition. Both arguments are about the same organization or workspace.
 */
export function mayGrant(held: ReadonlySet<Permission>, wanted: Iterable<Permission>): boolean {
  for (const permission of wanted) if (!held.has(permission)) return false;
  return true;
}

/** A restricted role is newly assigned only by those who manage the workspace. */
export const isOutOfReach = (
  held: ReadonlySet<Permission>,
  { isRestricted }: Pick<OrgRole, 'isRestricted'>,
): boolean => isRestricted && !held.has('workspaces:manage');

/**
 * For a role that somebody does not have yet. `held`: the caller's permissions in each workspace concerned.
 *
 * @throws RoleNotGrantable or RoleIsRestricted
 */
export function assertMayAssign(held: readonly ReadonlySet<Permission>[], role: OrgRole): void {
  if (!held.every((own) => mayGrant(own, role.permissions))) throw new RoleNotGrantable(role.displayName);
  if (held.some((own) => isOutOfReach(own, role))) throw new RoleIsRestricted(role.displayName);
}
