import type { Permission, WorkspacePermission } from '../../common/access/permissions.js';

export type Effect = 'allow' | 'deny';
export type Operator = `${'' | 'not_'}${keyof typeof COMPARISONS}${'' | '_if_exists'}`;

/** A condition on one tag of the resource; policies know no other attribute. */
export type Condition = { tagKey: string; operator: Operator; value: string };
/** Met if all conditions are, for this permission on a resource of this type. */
export type ConditionGroup = {
  permission: WorkspacePermission;
  resourceType: string;
  conditions: Condition[];
};
export type Policy = { id: string; effect: Effect; conditionGroups: ConditionGroup[] };

/** A tag key can have several values. */
type Resource = { type: string; tags: ReadonlyMap<string, readonly string[]> };
/** Without a resource, only the role decides. */
export type AccessQuery = { permission: WorkspacePermission; resource: Resource | null };

export type AccessDecision = {
  allowed: boolean;
  reason: 'policy_deny' | 'policy_allow' | 'role' | 'not_granted';
  policyId: string | null;
};

/** A denying policy overrides an allowing one, which may grant more than the role (docs/contract/roles.md#access-policies). */
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
      resourceTypeOf(group.resourceType) === resourceTypeOf(type) &&
      group.conditions.every((condition) => isMet(condition, tags)),
  );

/** An absent tag meets the `_if_exists` operators only. Of several values, one meets a positive operator, and all a negative one. */
function isMet({ tagKey, operator, value }: Condition, tags: Resource['tags']): boolean {
  const values = tags.get(tagKey) ?? [];
  if (values.length === 0) return operator.endsWith('_if_exists');
  const name = operator.replace(/^not_|_if_exists$/g, '') as keyof typeof COMPARISONS;
  const isComparisonMet = values.some((actual) => COMPARISONS[name](actual, value));
  return operator.startsWith('not_') ? !isComparisonMet : isComparisonMet;
}

const COMPARISONS = {
  equals: (actual: string, expected: string) => actual === expected,
  equals_ignore_case: (actual: string, expected: string) => actual.toLowerCase() === expected.toLowerCase(),
  matches: (actual: string, expected: string) => matchesGlob(expected, actual),
};

/**
 * `*` matches any number of characters, `?` one Unicode code point, and there is no escape. On a mismatch only the last `*` is
 * extended: at most `pattern` × `text` steps, where an equivalent regular expression can take exponentially many.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const wanted = [...pattern];
  const given = [...text];
  let at = 0;
  let star = -1; // index of the last `*`, and the end of the text that it matches
  let starEnd = 0;
  for (let index = 0; index < given.length;) {
    if (wanted[at] === '*') {
      star = at++;
      starEnd = index;
    } else if (wanted[at] === '?' || wanted[at] === given[index]) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++starEnd;
    } else return false;
  }
  return wanted.slice(at).every((character) => character === '*');
}

/** The prefixes of the permissions that mean something for a type of resource; other types take any permission. */
const PERMISSIONS_OF_TYPE: ReadonlyMap<string, readonly string[]> = new Map([
  ['dataset', ['datasets:']],
  ['deployment', ['deployments:']],
  ['fleet_integration', ['mcp-servers:']],
  ['mcp_server', ['mcp-servers:']],
  ['project', ['projects:', 'runs:']], // runs have the tags of their project
  ['prompt', ['prompts:']],
  ['queue', ['annotation-queues:']],
  ['sandbox', ['sandboxes:']],
]);

/** Clients write the type of annotation queues as `queue` or as `queues`. */
export const resourceTypeOf = (name: string): string => (name === 'queues' ? 'queue' : name);

export const isMeaningful = (permission: WorkspacePermission, resourceType: string): boolean =>
  PERMISSIONS_OF_TYPE.get(resourceType)?.some((prefix) => permission.startsWith(prefix)) ?? true;
