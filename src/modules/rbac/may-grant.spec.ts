import { describe, expect, it } from '@jest/globals';
import type { Permission } from '../../common/access/permissions.js';
import { mayGrant } from './may-grant.js';
import { systemRole } from './system-roles.js';

const held = new Set<Permission>(['workspaces:read', 'workspaces:manage-members', 'runs:read']);

describe('mayGrant', () => {
  it('lets somebody give all that he holds, or a part of it', () => {
    expect(mayGrant(held, held)).toBe(true);
    expect(mayGrant(held, ['runs:read'])).toBe(true);
  });

  it('refuses a role with a single permission that he lacks', () => {
    expect(mayGrant(held, ['workspaces:read', 'runs:read', 'runs:delete'])).toBe(false);
  });

  it('takes no permission to imply another: who manages a workspace does not manage its members', () => {
    expect(mayGrant(new Set<Permission>(['workspaces:manage']), ['workspaces:manage-members'])).toBe(false);
  });

  it('lets nobody give what he holds in the workspace as a power over the organization', () => {
    const workspaceAdmin = new Set(systemRole('WORKSPACE_ADMIN').permissions);
    expect(mayGrant(workspaceAdmin, systemRole('ORGANIZATION_VIEWER').permissions)).toBe(false);
  });

  it('lets an Editor give Viewer and Editor, not Admin', () => {
    const editor = new Set(systemRole('WORKSPACE_USER').permissions);
    const grantable = (['WORKSPACE_ADMIN', 'WORKSPACE_USER', 'WORKSPACE_VIEWER'] as const).filter((name) =>
      mayGrant(editor, systemRole(name).permissions),
    );
    expect(grantable).toEqual(['WORKSPACE_USER', 'WORKSPACE_VIEWER']);
  });

  it('lets somebody who holds nothing give nothing but nothing', () => {
    expect(mayGrant(new Set(), ['runs:read'])).toBe(false);
    expect(mayGrant(new Set(), [])).toBe(true);
  });
});
