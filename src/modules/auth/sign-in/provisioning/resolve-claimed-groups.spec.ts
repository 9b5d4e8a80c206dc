import { describe, expect, it } from '@jest/globals';
import type { Permission } from '../../../../common/access/permissions.js';
import type { GroupNameMeaning } from '../../../roles/index.js';
import { claimedGroups, groupChanges, resolveGroups } from './resolve-claimed-groups.js';

describe('claimedGroups', () => {
  it.each([
    ['a list', ['a', 'b'], ['a', 'b'], 0],
    ['a list with duplicates', ['a', 'a'], ['a'], 0],
    ['a single string', 'a', ['a'], 0],
    ['a list with other types in it', ['a', 1, null, ['b']], ['a'], 3],
    ['an empty list', [], [], 0],
    ['a missing value', undefined, [], 0],
    ['the value null', null, [], 0],
  ])('reads %s from the groups claim', (_, groups, names, unreadable) => {
    expect(claimedGroups({ groups }, 'groups')).toEqual({ names, unreadable });
  });

  it('reads the configured claim name and no inherited property', () => {
    expect(claimedGroups({ 'https://x/teams': ['a'] }, 'https://x/teams')?.names).toEqual(['a']);
    expect(claimedGroups({}, 'constructor')?.names).toEqual([]);
  });

  it.each([{ groups: { a: true } }, { groups: 7 }, { _claim_names: { groups: 'src1' } }])(
    'returns null for the claims %j',
    (claims) => {
      expect(claimedGroups(claims, 'groups')).toBeNull();
    },
  );

  it('returns no groups if only another claim is distributed', () => {
    expect(claimedGroups({ _claim_names: { address: 'src1' } }, 'groups')?.names).toEqual([]);
  });
});

const PERMISSIONS: Record<string, Permission[]> = {
  admin: ['workspaces:read', 'workspaces:manage', 'runs:read'],
  viewer: ['workspaces:read'],
  runs: ['workspaces:read', 'runs:read'],
  manages: ['workspaces:read', 'workspaces:manage'],
};
const workspaceGrant = (workspaceId: string, roleId: string, orgRole = 'ORGANIZATION_USER') =>
  ({ kind: 'workspace', orgRole, workspaceId, roleId }) as GroupNameMeaning;

const resolved = (...meanings: GroupNameMeaning[]) =>
  resolveGroups(
    { names: meanings.map((_, index) => String(index)), unreadable: 0 },
    (name) => meanings[Number(name)]!,
    (roleId) => PERMISSIONS[roleId] ?? [],
  );

describe('resolveGroups', () => {
  it('grants the highest organization role, or Organization User without one', () => {
    expect(resolved().orgRole).toBe('ORGANIZATION_USER');
    expect(resolved(workspaceGrant('w', 'viewer', 'ORGANIZATION_VIEWER')).orgRole).toBe(
      'ORGANIZATION_VIEWER',
    );
    expect(
      resolved(workspaceGrant('w', 'viewer', 'ORGANIZATION_VIEWER'), workspaceGrant('v', 'viewer')).orgRole,
    ).toBe('ORGANIZATION_USER');
    expect(resolved(workspaceGrant('w', 'viewer', 'ORGANIZATION_OPERATOR'), { kind: 'admin' }).orgRole).toBe(
      'ORGANIZATION_ADMIN',
    );
  });

  it('grants the role with the most permissions in each workspace, in any order', () => {
    for (const roles of [
      ['viewer', 'admin'],
      ['admin', 'viewer'],
    ] as const)
      expect([...resolved(...roles.map((role) => workspaceGrant('w', role))).workspaceRoles]).toEqual([
        ['w', 'admin'],
      ]);
  });

  it('grants nothing and counts a conflict if the roles cannot be compared', () => {
    const { workspaceRoles, counts } = resolved(
      workspaceGrant('w', 'runs'),
      workspaceGrant('w', 'manages'),
      workspaceGrant('v', 'viewer'),
    );
    expect([...workspaceRoles]).toEqual([['v', 'viewer']]);
    expect(counts).toMatchObject({ granting: 3, conflicting: 1 });
  });

  it('counts the groups by their result', () => {
    expect(
      resolved(
        { kind: 'admin' },
        workspaceGrant('w', 'viewer'),
        { kind: 'malformed' },
        { kind: 'unknown' },
        { kind: 'unconfirmed' },
        { kind: 'ambiguous' },
      ).counts,
    ).toEqual({ granting: 2, malformed: 1, unknown: 1, unconfirmed: 1, ambiguous: 1, conflicting: 0 });
  });
});

describe('groupChanges', () => {
  const row = (workspaceId: string, roleId: string, source: string) => ({
    id: `${source} in ${workspaceId}`,
    workspaceId,
    roleId,
    source,
  });
  const changes = (existing: ReturnType<typeof row>[], workspaceRoles: Record<string, string>) =>
    groupChanges(existing, { workspaceRoles: new Map(Object.entries(workspaceRoles)) });

  it('adds new memberships, changes roles, and removes what no group grants', () => {
    const existing = [
      row('a', 'viewer', 'sso_group'),
      row('b', 'viewer', 'sso_group'),
      row('c', 'viewer', 'sso_group'),
    ];
    expect(changes(existing, { a: 'viewer', b: 'admin', d: 'admin' })).toEqual({
      added: [{ workspaceId: 'd', roleId: 'admin' }],
      changed: [{ id: 'sso_group in b', workspaceId: 'b', roleId: 'admin' }],
      removed: [{ id: 'sso_group in c', workspaceId: 'c' }],
    });
  });

  it.each(['manual', 'invitation', 'jit', 'scim', 'bootstrap'])(
    'never changes memberships with the source %s',
    (source) => {
      const existing = [row('a', 'viewer', source), row('b', 'viewer', source)];
      expect(changes(existing, { a: 'admin' })).toEqual({ added: [], changed: [], removed: [] });
    },
  );
});
