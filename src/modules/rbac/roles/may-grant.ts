import type { Permission } from '../../../common/access/permissions.js';
import type { Role } from './role.entity.js';

/** A role as an organization sees it (docs/contract/roles.md#restricted-roles). */
export type OrgRole = Role & { readonly isRestricted: boolean };

/** Whether one set of permissions includes another. What changes give is compared by the access module. */
export function mayGrant(held: ReadonlySet<Permission>, wanted: Iterable<Permission>): boolean {
  for (const permission of wanted) if (!held.has(permission)) return false;
  return true;
}
