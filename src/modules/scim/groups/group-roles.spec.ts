import { describe, expect, it } from '@jest/globals';
import type { MembershipSource } from '../../members/org-membership.entity.js';
import { type MemberRoleName, systemRole, type SystemRoleName } from '../../rbac/index.js';
import { type GrantingGroup, combineGroupRoles } from './group-roles.js';
import { roleChanges } from './role-changes.js';

const role = (name: SystemRoleName) => systemRole(name).id;
const admin: GrantingGroup = { kind: 'admin' };
const group = (
  workspaceId: string,
  roleId: string,
  orgRole: MemberRoleName = 'ORGANIZATION_USER',
): GrantingGroup => ({
  kind: 'workspace',
  workspaceId,
  roleId,
  orgRole,
});
const roles = (...groups: GrantingGroup[]) => {
  const { orgRoleId, workspaceRoles } = combineGroupRoles(groups);
  return { orgRoleId, places: Object.fromEntries(workspaceRoles) };
};

describe('what groups come to', () => {
  it('is nothing without a group', () => {
    expect(roles()).toEqual({ orgRoleId: null, places: {} });
  });

  it('is the newest group of each workspace', () => {
    expect(roles(group('a', 'new'), group('b', 'only'), group('a', 'old'))).toEqual({
      orgRoleId: role('ORGANIZATION_USER'),
      places: { a: 'new', b: 'only' },
    });
  });

  it('is admin everywhere with a group of admins among them', () => {
    expect(roles(group('a', 'viewer'), admin)).toEqual({
      orgRoleId: role('ORGANIZATION_ADMIN'),
      places: { a: role('WORKSPACE_ADMIN') },
    });
  });

  it('has the highest organization role of the groups that count', () => {
    expect(
      roles(group('a', 'x', 'ORGANIZATION_VIEWER'), group('b', 'x', 'ORGANIZATION_OPERATOR')).orgRoleId,
    ).toBe(role('ORGANIZATION_OPERATOR'));
    expect(
      roles(group('a', 'x', 'ORGANIZATION_VIEWER'), group('a', 'x', 'ORGANIZATION_OPERATOR')).orgRoleId,
    ).toBe(role('ORGANIZATION_VIEWER'));
  });
});

describe('the changes from what somebody holds', () => {
  const changes = (
    orgRole: { name: SystemRoleName; source: MembershipSource },
    places: { workspaceId: string; roleId: string; source: MembershipSource }[],
    ...groups: GrantingGroup[]
  ) =>
    roleChanges(
      {
        orgRoles: [{ userId: 'u', roleId: role(orgRole.name), source: orgRole.source }],
        workspaceRoles: places.map((place) => ({
          ...place,
          id: `place in ${place.workspaceId}`,
          userId: 'u',
        })),
      },
      () => combineGroupRoles(groups),
    );
  const NOTHING = { orgRoles: [], granted: [], revoked: [] };

  it('are none when it is what the groups gave', () => {
    const place = { workspaceId: 'a', roleId: 'x', source: 'scim' as const };

    expect(changes({ name: 'ORGANIZATION_USER', source: 'scim' }, [place], group('a', 'x'))).toEqual(NOTHING);
    expect(changes({ name: 'ORGANIZATION_USER', source: 'scim' }, [])).toEqual(NOTHING);
  });

  it('win over what others gave', () => {
    const place = { workspaceId: 'a', roleId: 'y', source: 'manual' as const };

    expect(changes({ name: 'ORGANIZATION_ADMIN', source: 'manual' }, [place], group('a', 'x'))).toEqual({
      orgRoles: [{ userId: 'u', roleId: role('ORGANIZATION_USER') }],
      granted: [{ userId: 'u', workspaceId: 'a', roleId: 'x' }],
      revoked: [],
    });
  });

  it('take back what groups gave, and nothing else', () => {
    const places = [
      { workspaceId: 'a', roleId: 'x', source: 'scim' as const },
      { workspaceId: 'b', roleId: 'x', source: 'manual' as const },
    ];

    expect(changes({ name: 'ORGANIZATION_ADMIN', source: 'scim' }, places)).toEqual({
      orgRoles: [{ userId: 'u', roleId: role('ORGANIZATION_USER') }],
      granted: [],
      revoked: ['place in a'],
    });
    expect(changes({ name: 'ORGANIZATION_ADMIN', source: 'manual' }, [places[1]!])).toEqual(NOTHING);
  });
});
