import type { Permission } from '../../common/access/permissions.js';

/**
 * Nobody grants more than he holds himself (contract decision 34): asked wherever a role is given, whether by an
 * invitation, a membership, a key or a role definition. Both sides speak of the same organization or workspace.
 */
export function mayGrant(held: ReadonlySet<Permission>, wanted: Iterable<Permission>): boolean {
  return [...wanted].every((permission) => held.has(permission));
}
