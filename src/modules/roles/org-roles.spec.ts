import { describe, expect, it } from '@jest/globals';
import type { Permission } from '../../common/access/permissions.js';
import { isOrgAdmin, mayGrant, mayManageOrgRole } from './org-roles.js';
import { SYSTEM_ROLES, systemRole, type SystemRoleName } from './system-roles.js';

const caller = (name: SystemRoleName) => {
  const { id, permissions } = systemRole(name);
  return { orgRole: { id, name, permissions: new Set(permissions) }, key: null };
};
const ORG_ROLES = SYSTEM_ROLES.filter(({ accessScope }) => accessScope === 'organization');

describe('mayManageOrgRole', () => {
  it.each(ORG_ROLES)('an admin may manage $displayName', ({ id }) => {
    expect(mayManageOrgRole(caller('ORGANIZATION_ADMIN'), id)).toBe(true);
  });

  it.each([
    ['ORGANIZATION_ADMIN', false],
    ['ORGANIZATION_OPERATOR', false],
    ['ORGANIZATION_USER', true],
    ['ORGANIZATION_VIEWER', true],
  ] as const)('an operator may manage %s: %s', (name, allowed) => {
    expect(mayManageOrgRole(caller('ORGANIZATION_OPERATOR'), systemRole(name).id)).toBe(allowed);
  });

  it('a caller without an organization role is no admin', () => {
    expect(isOrgAdmin({ orgRole: null })).toBe(false);
  });
});

const held = new Set<Permission>(['workspaces:read', 'workspaces:manage-members', 'runs:read']);

describe('mayGrant', () => {
  it('allows granting all or some of the held permissions', () => {
    expect(mayGrant(held, held)).toBe(true);
    expect(mayGrant(held, ['runs:read'])).toBe(true);
  });

  it('refuses a role with one permission that is not held', () => {
    expect(mayGrant(held, ['workspaces:read', 'runs:read', 'runs:delete'])).toBe(false);
  });

  it('takes no permission to imply another, such as manage to imply manage-members', () => {
    expect(mayGrant(new Set<Permission>(['workspaces:manage']), ['workspaces:manage-members'])).toBe(false);
  });

  it('refuses organization permissions to a holder of workspace permissions', () => {
    const workspaceAdmin = new Set(systemRole('WORKSPACE_ADMIN').permissions);
    expect(mayGrant(workspaceAdmin, systemRole('ORGANIZATION_VIEWER').permissions)).toBe(false);
  });

  it('lets an Editor grant Viewer and Editor, not Admin', () => {
    const editor = new Set(systemRole('WORKSPACE_USER').permissions);
    const grantable = (['WORKSPACE_ADMIN', 'WORKSPACE_USER', 'WORKSPACE_VIEWER'] as const).filter((name) =>
      mayGrant(editor, systemRole(name).permissions),
    );
    expect(grantable).toEqual(['WORKSPACE_USER', 'WORKSPACE_VIEWER']);
  });

  it('allows only the empty grant to a holder of no permission', () => {
    expect(mayGrant(new Set(), ['runs:read'])).toBe(false);
    expect(mayGrant(new Set(), [])).toBe(true);
  });
});
