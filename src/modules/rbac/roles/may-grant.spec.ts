import { describe, expect, it } from '@jest/globals';
import type { Permission } from '../../../common/access/permissions.js';
import { mayGrant } from './may-grant.js';
import { systemRole } from './system-roles.js';

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
