import type { Break } from '../break.ts';

const RULE = 'src/modules/access/access-comparison.ts';
const LOADED = 'src/modules/access/loaded-access.ts';
const RIGHTS = 'src/modules/invitations/rights/invite-rights.ts';
const MEMBERS_TEST = 'test/e2e/workspace-members.e2e.ts';

/** What a change gives and takes, compared with what its caller holds. */
export const COMPARISON: readonly Break[] = [
  {
    id: 'comparison.policies-of-roles',
    file: RULE,
    find: `policies: [...(isNewRole ? to.role.policies : []), ...added]`,
    replace: 'policies: added',
    why: 'A manager of members could give a role with a policy that allows more than they hold.',
    tests: [MEMBERS_TEST],
  },
  {
    id: 'comparison.switched-on-by-groups',
    file: RULE,
    find: `firstOf(switchedOn, (given) => beyond(caller, given, 'switched-on')) ??`,
    replace: '',
    why: 'A manager of members could add a person whom a group makes Admin of the workspace.',
    tests: [MEMBERS_TEST],
  },
  {
    id: 'comparison.deny-policies-of-the-caller',
    file: RULE,
    find: `escapedDenial(caller, change, [...assigned, ...switchedOn], ended) ??`,
    replace: '',
    why: 'A caller whom a policy denies something could give it to others without that policy.',
    tests: [MEMBERS_TEST],
  },
  {
    id: 'comparison.groups-of-subjects',
    file: LOADED,
    find: `...kept,
      ...changed`,
    replace: '...changed',
    why: 'What the groups of a member give there would not be compared.',
    tests: [MEMBERS_TEST],
  },
  {
    id: 'comparison.deny-policies-that-end',
    file: RULE,
    find: `firstOf(ended, (policy) => endsBeyond(caller, policy)) ??`,
    replace: '',
    why: 'A manager of members could leave a role with a policy that denies them something.',
    tests: [MEMBERS_TEST],
  },
  {
    id: 'comparison.deny-policies-of-peers',
    file: RULE,
    find: `if (isHeld && !caller.deny.has(policy.id)) return null;`,
    replace: `if (isHeld) return null;`,
    why: 'A manager of members could release themselves and peers from a policy that denies them the same.',
    tests: [MEMBERS_TEST],
  },
  {
    id: 'comparison.taken',
    file: RULE,
    find: `firstOf(takenBy(change), (taken) => beyond(caller, taken, 'taken'))`,
    replace: 'null',
    why: 'A manager of members could remove a member who is Admin by a group.',
    tests: [MEMBERS_TEST],
  },
  {
    id: 'comparison.taken-policies',
    file: RULE,
    find: `role: true, policies: policiesOf(grant) }`,
    replace: `role: true, policies: grant.groupPolicies }`,
    why: 'A manager of members could remove a member whom a policy allows more.',
    tests: [MEMBERS_TEST],
  },
  {
    id: 'comparison.other-policies-lower',
    file: RULE,
    find: `return without(former, next).length > 0 || without(next, former).length > 0;`,
    replace: `return without(former, next).length > 0;`,
    why: 'A manager of members could restrict a stronger member by a role with a policy that denies.',
    tests: [MEMBERS_TEST],
  },
  {
    id: 'comparison.user-groups-of-the-caller',
    file: LOADED,
    find: `this.rows.canUseUserGroups ?`,
    replace: `this.rows.canUseUserGroups || true ?`,
    why: 'A caller could give what only a switched-off user group would give them.',
    tests: [MEMBERS_TEST],
  },
  {
    id: 'comparison.groups-of-invited-members',
    file: RIGHTS,
    find: `excesses(changesOf(row, userId), facts)`,
    replace: `excesses(changesOf(row, null), facts)`,
    why: 'A batch could add a person whom a group makes Admin of the workspace.',
    tests: ['test/e2e/workspace-invite-refusals.e2e.ts'],
  },
];
