import { describe, expect, it } from '@jest/globals';
import { type SystemRoleName, systemRole } from '../../roles/index.js';
import type { PendingMember } from './pending-member-directory.read-model.js';
import { fromPendingQuery, toOrgPending, toWorkspacePending } from './pending-member.mapper.js';

const HERE = '11111111-1111-4111-8111-111111111111';
const THERE = '22222222-2222-4222-8222-222222222222';
const callerWith = (name: SystemRoleName) => {
  const role = systemRole(name);
  return { orgRole: { ...role, permissions: new Set(role.permissions) }, key: null };
};
const LEAD = callerWith('ORGANIZATION_USER');
const ADMIN = callerWith('ORGANIZATION_ADMIN');

describe('a pending member with two workspaces', () => {
  const pendingMember: PendingMember = {
    ...{ id: 'invitation', orgId: 'org', email: 'a@b.example', fullName: null },
    ...{ orgRoleId: 'org role', orgRoleName: 'Organization User', createdAt: new Date(0) },
    ...{ expiresAt: null, isExpired: false, isMailed: true, linkMadeAt: new Date(0), accessExpiresAt: null },
    ...{ refusedAt: null, refusalCode: null },
    grants: [
      { workspaceId: HERE, roleId: 'editor', roleName: 'Editor', accessExpiresAt: null },
      {
        workspaceId: THERE,
        roleId: 'viewer',
        roleName: 'Viewer',
        accessExpiresAt: '2027-01-01T00:00:00+00:00',
      },
    ],
  };

  it('shows both workspaces at organization level, with the role in the first', () => {
    expect(toOrgPending(LEAD)(pendingMember)).toMatchObject({
      ...{ access_scope: 'organization', tenant_id: null, role_id: 'org role', workspace_role_id: 'editor' },
      ...{ workspace_ids: [HERE, THERE], tenant_ids: [HERE, THERE], password: null },
    });
  });

  it('shows only the own grant at workspace level', () => {
    expect(toWorkspacePending(LEAD, THERE)(pendingMember)).toMatchObject({
      ...{ access_scope: 'workspace', tenant_id: THERE, role_id: 'org role', workspace_role_id: 'viewer' },
      ...{ workspace_ids: [THERE], password: null },
    });
  });

  it('says how it is delivered to Organization Admins only', () => {
    const delivery = { mail: 'queued', link_made_at: '1970-01-01T00:00:00.000Z' };
    const hidden = { mail: null, link_made_at: null };

    expect(toOrgPending(ADMIN)(pendingMember)).toMatchObject(delivery);
    expect(toWorkspacePending(ADMIN, HERE)(pendingMember)).toMatchObject(delivery);
    expect(toOrgPending(LEAD)(pendingMember)).toMatchObject(hidden);
    expect(toWorkspacePending(LEAD, HERE)(pendingMember)).toMatchObject(hidden);
  });
});

describe('fromPendingQuery', () => {
  it('ignores an empty search text and canonicalizes the addresses', () => {
    const query = { limit: 50, offset: 0, sort_by: 'email' as const, sort_by_desc: false, role_ids: [] };

    expect(fromPendingQuery({ ...query, q: '', emails: [' A@B.example'] })).toEqual({
      ...{
        limit: 50,
        offset: 0,
        sortBy: 'email',
        descending: false,
        q: null,
        waitingForLink: false,
        mailRefused: false,
        emails: ['a@b.example'],
      },
      ...{ roleIds: [], isExpired: null },
    });
  });
});
