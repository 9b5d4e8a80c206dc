import fc from 'fast-check';
import type { SystemRoleName } from '../../../src/modules/roles/system-roles.js';
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

/** Roles that most managers may not assign. */
const stronger = fc.constantFrom(0, 1, 7);
const grant = fc.record({ group, workspace, role });
const attachment = fc.record({ policy, role: attached });
const extra = { maxLength: 3, size: 'max' } as const;

/** Two operators, two managers, two members of the groups below, one of whom is not in the first workspace. */
const places = fc.tuple(
  ...[0, 1].map(() => fc.tuple(fc.option(role), fc.option(role))),
  ...[2, 3].map(() => fc.tuple(fc.constantFrom(3, 4), fc.constantFrom(3, 4))),
  fc.tuple(fc.constantFrom(5, 6, 2), fc.option(role)),
  fc.tuple(fc.constant(null), fc.constantFrom(5, 6, 2)),
);

/** What differs between worlds, by the position in the lists of `World`. */
export const worldChoices = fc.record({
  /** Of each person, the role in each workspace. */
  places,
  /** Readers are allowed more by a policy, and guests are denied something. */
  attachments: fc
    .tuple(fc.constantFrom(0, 1, 4), fc.constantFrom(2, 3), fc.array(attachment, extra))
    .map(([allow, deny, more]) => [{ policy: allow, role: 5 }, { policy: deny, role: 6 }, ...more]),
  grants: fc
    .tuple(stronger, stronger, fc.array(grant, extra))
    .map(([a, b, more]) => [
      { group: 0, workspace: 0, role: a },
      { group: 1, workspace: 1, role: b },
      ...more.filter((one) => one.group !== one.workspace).slice(0, 1),
    ]),
  /** `child`: one of the grants, null for the group itself. */
  inGroups: fc
    .array(fc.record({ group, child, person: index(6) }), extra)
    .map((more) => [...MEMBERS_OF_GROUPS, ...more]),
  groupPolicies: fc.array(fc.record({ group, child, policy }), extra),
  offers: fc.tuple(...[1, 2].map(() => fc.record({ workspace, role: attached, isExpired: fc.boolean() }))),
  keyRoles: fc.tuple(role, role, role),
  groupsOff: fc.integer({ min: 0, max: 9 }).map((n) => n === 9),
});

const MEMBERS_OF_GROUPS = [
  { group: 0, child: null, person: 4 },
  { group: 0, child: null, person: 5 },
  { group: 1, child: null, person: 5 },
];

export type WorldChoice = typeof worldChoices extends fc.Arbitrary<infer Choice> ? Choice : never;
