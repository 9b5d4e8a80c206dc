import type { Break } from '../break.ts';

const RULE = 'src/modules/access/access-comparison.ts';
const tests = ['test/e2e/access-comparison.e2e.ts'];

/** Holes that the random changes of `test/support/access-comparison` find without a test of their own. */
export const RANDOM_CHANGES: readonly Break[] = [
  {
    id: 'random-changes.policies-of-roles',
    file: RULE,
    find: `policies: [...(isNewRole ? to.role.policies : []), ...added]`,
    replace: 'policies: added',
    why: 'A manager of members could give a role with a policy that allows more than they hold.',
    tests,
  },
  {
    id: 'random-changes.deny-policies',
    file: RULE,
    find: `escapedDenial(caller, change, [...assigned, ...switchedOn], ended) ??`,
    replace: '',
    why: 'A caller whom a policy denies something could give it to others without that policy.',
    tests,
  },
  {
    id: 'random-changes.switched-on-by-groups',
    file: RULE,
    find: `firstOf(switchedOn, (given) => beyond(caller, given, 'switched-on')) ??`,
    replace: '',
    why: 'A manager of members could add a person whom a group makes Admin of the workspace.',
    tests,
  },
  {
    id: 'random-changes.taken',
    file: RULE,
    find: `firstOf(takenBy(change), (taken) => beyond(caller, taken, 'taken'))`,
    replace: 'null',
    why: 'A manager of members could remove a member who is Admin by a group.',
    tests,
  },
  {
    id: 'random-changes.names-of-workspaces',
    file: 'src/modules/workspaces/workspaces.service.ts',
    find: `const nameCountsInGroups = stays && holdsEveryPermission(principal);`,
    replace: `const nameCountsInGroups = stays || holdsEveryPermission(principal);`,
    why: 'Renaming a workspace could give roles there to the members of a group with that name.',
    tests: ['test/e2e/scim-group-names.e2e.ts'],
  },
  {
    id: 'random-changes.separator',
    file: 'src/modules/settings/org-settings.service.ts',
    find: `if (changesSeparator && !mayGrantOrgAdmin(principal))`,
    replace: `if (changesSeparator && !principal.can('organization:manage'))`,
    why: 'An operator could give roles by another separator in the names of groups.',
    tests,
  },
];
