import { describe, expect, it } from '@jest/globals';
import type { MembershipSource } from '../../members/org-membership.entity.js';
import { type MemberRoleName, systemRole, type SystemRoleName } from '../../rbac/index.js';
import { type GivingGroup, rolesFrom } from './group-roles.js';
import { roleChanges } from './role-changes.js';

const role = (name: SystemRoleName) => systemRole(name).id;
const admin: GivingGroup = { kind: 'admin' };
const group = (
  workspaceId: string,
  roleId: string,
  orgRole: MemberRoleName = 'ORGANIZATION_USER',
): GivingGroup => ({
  kind: 'workspace',
  workspaceId,
  roleId,
  orgRole,
});
const roles = (...groups: GivingGroup[]) => {
  const { orgRoleId, places } = rolesFrom(groups);
  return { orgRoleId, places: Object.fromEntries(places) };
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
    ...groups: GivingGroup[]
  ) =>
    roleChanges(
      {
        orgRoles: [{ userId: 'u', roleId: role(orgRole.name), source: orgRole.source }],
        places: places.map((place) => ({ ...place, id: `place in ${place.workspaceId}`, userId: 'u' })),
      },
      () => rolesFrom(groups),
    );
  const NOTHING = { orgRoles: [], given: [], taken: [] };

  it('are none when it is what the groups gave', () => {
    const place = { workspaceId: 'a', roleId: 'x', source: 'scim' as const };

    expect(changes({ name: 'ORGANIZATION_USER', source: 'scim' }, [place], group('a', 'x'))).toEqual(NOTHING);
    expect(changes({ name: 'ORGANIZATION_USER', source: 'scim' }, [])).toEqual(NOTHING);
  });

  it('win over what others gave', () => {
    const place = { workspaceId: 'a', roleId: 'y', source: 'manual' as const };

    expect(changes({ name: 'ORGANIZATION_ADMIN', source: 'manual' }, [place], group('a', 'x'))).toEqual({
      orgRoles: [{ userId: 'u', roleId: role('ORGANIZATION_USER') }],
      given: [{ userId: 'u', workspaceId: 'a', roleId: 'x' }],
      taken: [],
    });
  });

  it('take back what groups gave, and nothing else', () => {
    const places = [
      { workspaceId: 'a', roleId: 'x', source: 'scim' as const },
      { workspaceId: 'b', roleId: 'x', source: 'manual' as const },
    ];

    expect(changes({ name: 'ORGANIZATION_ADMIN', source: 'scim' }, places)).toEqual({
      orgRoles: [{ userId: 'u', roleId: role('ORGANIZATION_USER') }],
      given: [],
      taken: ['place in a'],
    });
    expect(changes({ name: 'ORGANIZATION_ADMIN', source: 'manual' }, [places[1]!])).toEqual(NOTHING);
  });
});
