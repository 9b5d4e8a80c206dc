import { describe, expect, it } from '@jest/globals';
import { ValidationFailed } from '../../common/errors/validation.errors.js';
import { fromInvites, fromPendingQuery, toOrgPending, toWorkspacePending } from './invitation.mapper.js';
import { batchRowLoc } from './invite-batch.js';
import type { PendingMember } from './pending-member-directory.js';

const HERE = '11111111-1111-4111-8111-111111111111';
const THERE = '22222222-2222-4222-8222-222222222222';

describe('fromInvites', () => {
  it('returns canonical addresses and null for absent fields', () => {
    expect(fromInvites([{ email: ' Ada@Bücher.Example ' }], batchRowLoc)).toEqual([
      {
        ...{ email: 'ada@xn--bcher-kva.example', orgRoleId: null, workspaceIds: [], workspaceRoleId: null },
        ...{ fullName: null, password: null },
      },
    ]);
  });

  it('names the inviting workspace once, whether or not it was sent', () => {
    const rows = fromInvites(
      [{ email: 'a@b.example' }, { email: 'a@b.example', workspace_ids: [THERE, HERE, THERE] }],
      batchRowLoc,
      HERE,
    );

    expect(rows.map(({ workspaceIds }) => workspaceIds)).toEqual([[HERE], [HERE, THERE]]);
  });

  it('refuses all invalid addresses in one error that names their rows', () => {
    const bodies = [{ email: 'no-at-sign' }, { email: 'a@b.example' }, { email: 'a@@b.example' }];
    const problemsOf = () => {
      try {
        return fromInvites(bodies, batchRowLoc);
      } catch (error) {
        return (error as ValidationFailed).problems?.map(({ loc }) => loc);
      }
    };

    expect(problemsOf()).toEqual([
      ['body', 0, 'email'],
      ['body', 2, 'email'],
    ]);
  });
});

describe('a pending member with two workspaces', () => {
  const pendingMember: PendingMember = {
    ...{ id: 'invitation', orgId: 'org', email: 'a@b.example', fullName: null },
    ...{ orgRoleId: 'org role', orgRoleName: 'Organization User', createdAt: new Date(0) },
    ...{ expiresAt: null, isExpired: false },
    grants: [
      { workspaceId: HERE, roleId: 'editor' },
      { workspaceId: THERE, roleId: 'viewer' },
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

describe('fromPendingQuery', () => {
  it('ignores an empty search text and canonicalizes the addresses', () => {
    const query = { limit: 50, offset: 0, sort_by: 'email', sort_by_desc: false } as const;

    expect(fromPendingQuery({ ...query, q: '', emails: [' A@B.example'] })).toEqual({
      ...{ limit: 50, offset: 0, sortBy: 'email', descending: false, q: null, emails: ['a@b.example'] },
    });
  });
});
