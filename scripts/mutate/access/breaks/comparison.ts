import type { Break } from '../break.ts';

const RULE = 'src/modules/access/access-comparison.ts';
const LOADED = 'src/modules/access/loaded-access.ts';
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
];
