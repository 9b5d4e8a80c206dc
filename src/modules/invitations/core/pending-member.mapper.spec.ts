import { describe, expect, it } from '@jest/globals';
import type { PendingMember } from './pending-member-directory.read-model.js';
import { toOrgPending, toWorkspacePending } from './pending-member.mapper.js';

const HERE = '11111111-1111-4111-8111-111111111111';
const THERE = '22222222-2222-4222-8222-222222222222';

describe('a pending member with two workspaces', () => {
  const pendingMember: PendingMember = {
    ...{ id: 'invitation', orgId: 'org', email: 'a@b.example', fullName: null },
    ...{ orgRoleId: 'org role', orgRoleName: 'Organization User', createdAt: new Date(0) },
    ...{ expiresAt: null, isExpired: false },
    grants: [
      { workspaceId: HERE, roleId: 'editor', roleName: 'Editor' },
      { workspaceId: THERE, roleId: 'viewer', roleName: 'Viewer' },
    ],
  };

  it('shows both workspaces at organization level, with the role in the first', () => {
    expect(toOrgPending(pendingMember)).toMatchObject({
      ...{ access_scope: 'organization', tenant_id: null, role_id: 'org role', workspace_role_id: 'editor' },
      ...{ workspace_ids: [HERE, THERE], tenant_ids: [HERE, THERE], password: null },
    });
  });

  it('shows only the own grant at workspace level', () => {
    expect(toWorkspacePending(THERE)(pendingMember)).toMatchObject({
      ...{ access_scope: 'workspace', tenant_id: THERE, role_id: 'org role', workspace_role_id: 'viewer' },
      ...{ workspace_ids: [THERE], password: null },
    });
  });
});
