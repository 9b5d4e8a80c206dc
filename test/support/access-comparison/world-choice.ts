import fc from 'fast-check';
import type { SystemRoleName } from '../../../src/modules/rbac/roles/system-roles.js';
import type { PolicyRow } from './rows.js';

type Role = { system: SystemRoleName } | { title: string; permissions: string[] };

const MANAGEMENT = [
  'workspaces:read',
  'workspaces:manage-members',
  'workspaces:manage-keys',
  'workspaces:user-groups:read',
  'workspaces:user-groups:manage-members',
  'workspaces:user-groups:manage-policies',
  'datasets:read',
];

export const ROLES: readonly Role[] = [
  { system: 'WORKSPACE_ADMIN' },
  { system: 'WORKSPACE_USER' },
  { system: 'WORKSPACE_VIEWER' },
  { title: 'Manager', permissions: MANAGEMENT },
  { title: 'Owner', permissions: [...MANAGEMENT, 'workspaces:manage', 'datasets:update'] },
  { title: 'Reader', permissions: ['workspaces:read', 'datasets:read'] },
  { title: 'Guest', permissions: ['workspaces:read', 'datasets:read'] },
  { title: 'Deployer', permissions: ['workspaces:read', 'deployments:delete'] },
];

type Policy = Omit<PolicyRow, 'id' | 'name'> & { title: string };

const onTag = (permission: string, tagKey: string, operator: string, value: string) => ({
  permission,
  resourceType: `${permission.split('s:')[0]}`,
  conditions: [{ tagKey, operator, value }],
});

export const POLICIES: readonly Policy[] = [
  { title: 'update A', effect: 'allow', groups: [onTag('datasets:update', 'Team', 'equals', 'A')] },
  {
    ...{ title: 'delete all but B', effect: 'allow' },
    groups: [onTag('deployments:delete', 'Team', 'not_equals_if_exists', 'B')],
  },
  { title: 'read no A', effect: 'deny', groups: [onTag('datasets:read', 'Team', 'equals_ignore_case', 'a')] },
  { title: 'update no team', effect: 'deny', groups: [onTag('datasets:update', 'Team', 'matches', '?*')] },
  {
    ...{ title: 'delete in A', effect: 'allow' },
    groups: [
      onTag('projects:delete', 'Env', 'equals', 'A'),
      onTag('datasets:update', 'Env', 'not_matches', 'B*'),
    ],
  },
];

const index = (length: number) => fc.nat(length - 1);
const role = index(ROLES.length);
const policy = index(POLICIES.length);
const group = index(2);
const workspace = index(2);
const child = fc.option(index(4), { freq: 1 });

/** Those that a manager may assign, as far as only permissions count. */
const assigned = fc.constantFrom(3, 4, 5, 5, 6, 6, 0);
const attached = fc.oneof(role, assigned);

/** What differs between worlds, by the position in the lists of `World`. */
export const worldChoices = fc.record({
  /** Of each person, the role in each workspace. */
  places: fc.tuple(...Array.from({ length: 6 }, (_, n) => fc.tuple(placeOf(n), placeOf(n)))),
  attachments: fc.array(fc.record({ policy, role: attached }), { maxLength: 6, size: 'max' }),
  grants: fc.array(fc.record({ group, workspace, role }), { maxLength: 3, size: 'max' }),
  /** `child`: one of the grants, null for the group itself. */
  inGroups: fc.array(fc.record({ group, child, person: index(6) }), { maxLength: 5, size: 'max' }),
  groupPolicies: fc.array(fc.record({ group, child, policy }), { maxLength: 3, size: 'max' }),
  offers: fc.tuple(...[1, 2].map(() => fc.record({ workspace, role: attached, isExpired: fc.boolean() }))),
  keyRoles: fc.tuple(role, role, role),
  groupsOff: fc.integer({ min: 0, max: 9 }).map((n) => n === 9),
});

/** Two operators, two managers, and others, who may be in no workspace. */
function placeOf(person: number) {
  if (person === 2 || person === 3) return fc.constantFrom(3, 4);
  return fc.option(role, { freq: 3 });
}

export type WorldChoice = typeof worldChoices extends fc.Arbitrary<infer Choice> ? Choice : never;
