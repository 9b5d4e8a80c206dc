import type { Permission } from '../../../common/access/permissions.js';
import { mayGrant } from '../roles/may-grant.js';
import type { Policy } from './condition.js';

type Content = Pick<Policy, 'effect' | 'conditionGroups'>;

/**
 * Whether a caller with these permissions may attach the policy: an allowing one grants what it names
 * (docs/contract/members.md#no-escalation).
 */
export const mayAttach = (held: ReadonlySet<Permission>, policy: Content): boolean =>
  policy.effect === 'deny' || mayGrant(held, permissionsOf(policy));

/** The same for detaching: without a denying policy, its holders may do again what it names. */
export const mayDetach = (held: ReadonlySet<Permission>, policy: Content): boolean =>
  policy.effect === 'allow' || mayGrant(held, permissionsOf(policy));

const permissionsOf = ({ conditionGroups }: Content) => conditionGroups.map(({ permission }) => permission);
