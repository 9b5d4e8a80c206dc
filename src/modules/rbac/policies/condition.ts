import type { Permission, WorkspacePermission } from '../../../common/access/permissions.js';
import { matchesGlob } from './glob.js';

export type Effect = 'allow' | 'deny';
export type Operator = keyof typeof COMPARISONS | `${keyof typeof COMPARISONS}_if_exists`;

/** What a tag of the resource has to be. Tags are the only attribute there is. */
export type Condition = { tagKey: string; operator: Operator; value: string };
/** Met when all of its conditions are, by a resource of this type that somebody wants to use in this way. */
export type ConditionGroup = {
  permission: WorkspacePermission;
  resourceType: string;
  conditions: Condition[];
};
/** Applies when one of its groups is met. */
export type Policy = { id: string; effect: Effect; conditionGroups: ConditionGroup[] };

type Resource = { type: string; tags: ReadonlyMap<string, string> };
/** Without a resource only the role counts: policies are about resources. */
export type AccessQuery = { permission: WorkspacePermission; resource: Resource | null };

export type AccessDecision = {
  allowed: boolean;
  reason: 'policy_deny' | 'policy_allow' | 'role' | 'not_granted';
  /** The policy that decided. */
  policyId: string | null;
};

/**
 * What a role with these policies attached allows (semantics, section 9): a policy that denies beats one that allows,
 * which may grant more than the role does; when no policy applies, the role decides.
 */
export function decideAccess(
  role: { permissions: readonly Permission[] },
  policies: readonly Policy[],
  { permission, resource }: AccessQuery,
): AccessDecision {
  const applying = resource ? policies.filter((policy) => applies(policy, permission, resource)) : [];
  const deciding = applying.find(({ effect }) => effect === 'deny') ?? applying[0];
  if (deciding)
    return {
      allowed: deciding.effect === 'allow',
      reason: `policy_${deciding.effect}`,
      policyId: deciding.id,
    };
  const allowed = role.permissions.includes(permission);
  return { allowed, reason: allowed ? 'role' : 'not_granted', policyId: null };
}

const applies = ({ conditionGroups }: Policy, permission: WorkspacePermission, { type, tags }: Resource) =>
  conditionGroups.some(
    (group) =>
      group.permission === permission &&
      group.resourceType === type &&
      group.conditions.every((condition) => isMet(condition, tags)),
  );

/** A tag that is absent meets the `_if_exists` operators and no other: `not_equals` asks for another value, not for none. */
function isMet({ tagKey, operator, value }: Condition, tags: ReadonlyMap<string, string>): boolean {
  const actual = tags.get(tagKey);
  if (actual === undefined) return operator.endsWith(IF_EXISTS);
  return COMPARISONS[operator.replace(IF_EXISTS, '') as keyof typeof COMPARISONS](actual, value);
}

const IF_EXISTS = '_if_exists';

type Comparison = (actual: string, expected: string) => boolean;
const not =
  (comparison: Comparison): Comparison =>
  (actual, expected) =>
    !comparison(actual, expected);

const equals: Comparison = (actual, expected) => actual === expected;
const equalsIgnoringCase: Comparison = (actual, expected) => actual.toLowerCase() === expected.toLowerCase();
const matches: Comparison = (actual, expected) => matchesGlob(expected, actual);

const COMPARISONS = {
  equals,
  not_equals: not(equals),
  equals_ignore_case: equalsIgnoringCase,
  not_equals_ignore_case: not(equalsIgnoringCase),
  matches,
  not_matches: not(matches),
};
