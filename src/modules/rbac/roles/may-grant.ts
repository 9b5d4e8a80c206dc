import type { Permission } from '../../../common/access/permissions.js';

/**
 * A caller grants no more than they hold (docs/contract/members.md#no-escalation), be it by an invitation, a
 * membership, a key or a role definition. Both arguments are about the same organization or workspace.
 */
export function mayGrant(held: ReadonlySet<Permission>, wanted: Iterable<Permission>): boolean {
  return [...wanted].every((permission) => held.has(permission));
}
