import type { Excess } from '../../common/access/access-limits.js';
import type { Permission } from '../../common/access/permissions.js';

export type PolicyContent = {
  readonly id: string;
  readonly name: string;
  readonly effect: 'allow' | 'deny';
  readonly permissions: readonly Permission[];
};

export type RoleContent = {
  readonly id: string;
  readonly displayName: string;
  readonly permissions: ReadonlySet<Permission>;
  /** Attached to the role. */
  readonly policies: readonly PolicyContent[];
  readonly isRestricted: boolean;
};

/** A role in a workspace: the own one (`groupName` null), or that of a user group with the policies of the group. */
export type HeldGrant = {
  readonly role: RoleContent;
  readonly groupName: string | null;
  readonly groupPolicies: readonly PolicyContent[];
};

/** What a member holds in a workspace; conditions of policies are not considered. */
export type Holdings = {
  readonly permissions: ReadonlySet<Permission>;
  readonly allow: ReadonlyMap<string, PolicyContent>;
  readonly deny: ReadonlyMap<string, PolicyContent>;
};

const policiesOf = ({ role, groupPolicies }: HeldGrant): readonly PolicyContent[] => [
  ...role.policies,
  ...groupPolicies,
];

export function holdingsOf(grants: readonly HeldGrant[]): Holdings {
  const policies = grants.flatMap(policiesOf);
  const withEffect = (effect: PolicyContent['effect']) =>
    new Map(policies.filter((policy) => policy.effect === effect).map((policy) => [policy.id, policy]));
  return {
    permissions: new Set(grants.flatMap(({ role }) => [...role.permissions])),
    allow: withEffect('allow'),
    deny: withEffect('deny'),
  };
}

/** A role or a group's grant that the request replaces; null for none. */
export type Replacement = { readonly from: HeldGrant | null; readonly to: HeldGrant | null };

/** What a change does to one subject in one workspace. */
export type ComparedChange = {
  /** All that the subject has there by roles and groups; null if they are not a member, or no longer. */
  readonly before: readonly HeldGrant[] | null;
  readonly after: readonly HeldGrant[] | null;
  readonly replaced: readonly Replacement[];
};

/** `grant`: what exceeds, unless a deny policy is the reason. `policy`: that one, or the allow policy that exceeds. */
export type Finding = {
  readonly reason: Excess['reason'];
  readonly grant: HeldGrant | null;
  readonly policy: PolicyContent | null;
  readonly permissions: readonly Permission[];
};

type GivenRights = {
  readonly grant: HeldGrant;
  readonly role: boolean;
  readonly policies: readonly PolicyContent[];
};

/** The first reason why a caller with these holdings may not make the change; null if they may (docs/contract/members.md#no-escalation). */
export function findExcess(caller: Holdings, change: ComparedChange): Finding | null {
  const assigned = change.replaced.flatMap(assignedBy);
  const switchedOn = switchedOnBy(change);
  const ended = endedDenials(change);
  return (
    firstOf(assigned, (given) => beyond(caller, given, 'assigned')) ??
    firstOf(assigned, ({ grant, role }) => role && restricted(caller, grant)) ??
    firstOf(switchedOn, (given) => beyond(caller, given, 'switched-on')) ??
    firstOf(ended, (policy) => endsBeyond(caller, policy)) ??
    escapedDenial(caller, change, [...assigned, ...switchedOn], ended) ??
    firstOf(takenBy(change), (taken) => beyond(caller, taken, 'taken'))
  );
}

/** What is assigned, also where the subject has it otherwise. */
function assignedBy({ from, to }: Replacement): GivenRights[] {
  if (!to) return [];
  const isNewRole = from?.role.id !== to.role.id;
  const added = without(to.groupPolicies, from?.groupPolicies ?? []);
  return [{ grant: to, role: isNewRole, policies: [...(isNewRole ? to.role.policies : []), ...added] }];
}

/** What a new membership adds to the assigned role: what the subject's groups give there. */
function switchedOnBy({ before, after, replaced }: ComparedChange): GivenRights[] {
  if (before !== null || after === null) return [];
  const assigned = new Set(replaced.map(({ to }) => to));
  return after.filter((grant) => !assigned.has(grant)).map(whole);
}

/** The deny policies that end, with those of their permissions that the subject keeps. */
function endedDenials({ before, after }: ComparedChange): PolicyContent[] {
  if (before === null || after === null) return [];
  const left = holdingsOf(after);
  const allowed = new Set([...left.allow.values()].flatMap(({ permissions }) => permissions));
  return [...holdingsOf(before).deny.values()]
    .filter(({ id }) => !left.deny.has(id))
    .map((policy) => ({
      ...policy,
      permissions: policy.permissions.filter((name) => left.permissions.has(name) || allowed.has(name)),
    }))
    .filter(({ permissions }) => permissions.length > 0);
}

/** All that the subject has, if one of the replaced roles becomes weaker; else the policies that a group loses. */
function takenBy({ before, replaced }: ComparedChange): GivenRights[] {
  if (before && replaced.some(isLowering)) return before.map(whole);
  return replaced.flatMap(({ from, to }) =>
    from && to ? [{ grant: from, role: false, policies: without(from.groupPolicies, to.groupPolicies) }] : [],
  );
}

/** A role with other policies may be weaker or stronger, so it lowers, too. */
function isLowering({ from, to }: Replacement): boolean {
  if (!from) return false;
  if (!to || [...from.role.permissions].some((name) => !to.role.permissions.has(name))) return true;
  const [former, next] = [from.role.policies, to.role.policies];
  return without(former, next).length > 0 || without(next, former).length > 0;
}

function without(policies: readonly PolicyContent[], others: readonly PolicyContent[]): PolicyContent[] {
  const ids = new Set(others.map(({ id }) => id));
  return policies.filter(({ id }) => !ids.has(id));
}

/** Permissions of a role must be held; those of an allow policy held, or the policy applies to the caller, too. */
function beyond(
  caller: Holdings,
  { grant, role, policies }: GivenRights,
  reason: Excess['reason'],
): Finding | null {
  const missing = (permissions: Iterable<Permission>) =>
    [...permissions].filter((name) => !caller.permissions.has(name));
  const ofRole = role ? missing(grant.role.permissions) : [];
  if (ofRole.length > 0) return { reason, grant, policy: null, permissions: ofRole };
  return firstOf(policies, (policy) => {
    if (policy.effect === 'deny' || caller.allow.has(policy.id)) return null;
    const permissions = missing(policy.permissions);
    return permissions.length > 0 && { reason, grant, policy, permissions };
  });
}

const restricted = ({ permissions }: Holdings, grant: HeldGrant): Finding | null =>
  grant.role.isRestricted && !permissions.has('workspaces:manage')
    ? { reason: 'restricted-role', grant, policy: null, permissions: [] }
    : null;

function endsBeyond(caller: Holdings, policy: PolicyContent): Finding | null {
  const isHeld = policy.permissions.every((name) => caller.permissions.has(name));
  if (isHeld && !caller.deny.has(policy.id)) return null;
  return { reason: 'deny-policy-ends', grant: null, policy, permissions: policy.permissions };
}

/** A deny policy of the caller that names what is given, and would not apply to the subject. */
function escapedDenial(
  caller: Holdings,
  { after }: ComparedChange,
  given: readonly GivenRights[],
  ended: readonly PolicyContent[],
): Finding | null {
  const applied = holdingsOf(after ?? []).deny;
  const names = new Set([
    ...given.flatMap(permissionsOf),
    ...ended.flatMap(({ permissions }) => permissions),
  ]);
  return firstOf([...caller.deny.values()], (policy) => {
    const permissions = policy.permissions.filter((name) => names.has(name));
    if (permissions.length === 0 || applied.has(policy.id)) return null;
    return { reason: 'deny-policy-of-caller', grant: null, policy, permissions };
  });
}

const permissionsOf = ({ grant, role, policies }: GivenRights): Permission[] => [
  ...(role ? grant.role.permissions : []),
  ...policies.filter(({ effect }) => effect === 'allow').flatMap(({ permissions }) => permissions),
];

const whole = (grant: HeldGrant): GivenRights => ({ grant, role: true, policies: policiesOf(grant) });

function firstOf<Item>(items: readonly Item[], find: (item: Item) => Finding | null | false): Finding | null {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return null;
}
