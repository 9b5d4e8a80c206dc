import { describe, expect, it } from '@jest/globals';
import type { MembershipSource } from '../../members/core/provenance.js';
import { type MemberRoleName, systemRole, type SystemRoleName } from '../../roles/index.js';
import { type GrantingGroup, combineRoles, roleChanges } from './group-roles.js';

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
  const { orgRoleId, workspaceRoles } = combineRoles(groups);
  return { orgRoleId, workspaceRoles: Object.fromEntries(workspaceRoles) };
};

describe('combineRoles', () => {
  it('grants nothing to a user in no group', () => {
    expect(roles()).toEqual({ orgRoleId: null, workspaceRoles: {} });
  });

  it('uses the newest group of each workspace', () => {
    expect(roles(group('a', 'new'), group('b', 'only'), group('a', 'old'))).toEqual({
      orgRoleId: role('ORGANIZATION_USER'),
      workspaceRoles: { a: 'new', b: 'only' },
    });
  });

  it('grants Organization Admin if one group is a group of admins', () => {
    expect(roles(group('a', 'viewer'), admin)).toEqual({
      orgRoleId: role('ORGANIZATION_ADMIN'),
      workspaceRoles: { a: role('WORKSPACE_ADMIN') },
    });
  });

  it('grants the highest organization role of the deciding groups', () => {
    expect(
      roles(group('a', 'x', 'ORGANIZATION_VIEWER'), group('b', 'x', 'ORGANIZATION_OPERATOR')).orgRoleId,
    ).toBe(role('ORGANIZATION_OPERATOR'));
    expect(
      roles(group('a', 'x', 'ORGANIZATION_VIEWER'), group('a', 'x', 'ORGANIZATION_OPERATOR')).orgRoleId,
    ).toBe(role('ORGANIZATION_VIEWER'));
  });
});

describe('roleChanges', () => {
  const changes = (
    orgRole: { name: SystemRoleName; source: MembershipSource },
    workspaceRoles: { workspaceId: string; roleId: string; source: MembershipSource }[],
    ...groups: GrantingGroup[]
  ) =>
    roleChanges(
      {
        orgRoles: [{ userId: 'u', roleId: role(orgRole.name), source: orgRole.source }],
        workspaceRoles: workspaceRoles.map((membership) => ({
          ...membership,
          id: `membership in ${membership.workspaceId}`,
          userId: 'u',
        })),
      },
      () => combineRoles(groups),
    );
  const NOTHING = { orgRoles: [], granted: [], revoked: [] };

  it('changes nothing if the member holds what the groups granted', () => {
    const membership = { workspaceId: 'a', roleId: 'x', source: 'scim' as const };

    expect(changes({ name: 'ORGANIZATION_USER', source: 'scim' }, [membership], group('a', 'x'))).toEqual(
      NOTHING,
    );
    expect(changes({ name: 'ORGANIZATION_USER', source: 'scim' }, [])).toEqual(NOTHING);
  });

  it('overrides roles that other sources granted', () => {
    const membership = { workspaceId: 'a', roleId: 'y', source: 'manual' as const };

    expect(changes({ name: 'ORGANIZATION_ADMIN', source: 'manual' }, [membership], group('a', 'x'))).toEqual({
      orgRoles: [{ userId: 'u', roleId: role('ORGANIZATION_USER') }],
      granted: [{ userId: 'u', workspaceId: 'a', roleId: 'x' }],
      revoked: [],
    });
  });

  it('revokes only memberships that groups granted', () => {
    const workspaceRoles = [
      { workspaceId: 'a', roleId: 'x', source: 'scim' as const },
      { workspaceId: 'b', roleId: 'x', source: 'manual' as const },
    ];

    expect(changes({ name: 'ORGANIZATION_ADMIN', source: 'scim' }, workspaceRoles)).toEqual({
      orgRoles: [{ userId: 'u', roleId: role('ORGANIZATION_USER') }],
      granted: [],
      revoked: [{ ...workspaceRoles[0], id: 'membership in a', userId: 'u' }],
    });
    expect(changes({ name: 'ORGANIZATION_ADMIN', source: 'manual' }, [workspaceRoles[1]!])).toEqual(NOTHING);
  });
});
