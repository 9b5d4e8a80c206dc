import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attach, CHECK, policy, TEAM_A } from '../support/access-policies.js';
import { auditOf } from '../support/audit.js';
import type { Member, OrgWithAdmin } from '../support/fixtures.js';
import { anotherWorkspace, customRole } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  addTo,
  attachTo,
  childOf,
  detachFrom,
  EDITOR,
  grantTo,
  GROUPS,
  groupWith,
  regrant,
  revokeFrom,
  userGroup,
  VIEWER,
} from '../support/user-groups.js';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
});
afterAll(() => t.close());

const listOf = async (groupId: string) =>
  (await org.admin.api.get(`${GROUPS}/${groupId}/access-policies`)).body.items as Record<string, unknown>[];
/** About a data set of team A, which the policies of these tests concern. */
const check = async (member: Member, permission = 'datasets:read', workspaceId = org.workspaceId) => {
  const { body } = await org.admin.api.post(CHECK, {
    user_id: member.userId,
    workspace_id: workspaceId,
    permission,
    resource_type: 'dataset',
    resource_tags: { Team: 'A' },
  });
  return [body.allowed, body.reason];
};
const viewer = () => t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });

describe('access policies of a group of the organization', () => {
  it('are attached once for all workspaces and once for each, listed, and detached one by one', async () => {
    const id = await groupWith(org, VIEWER);
    const denying = await policy(org, { effect: 'deny', description: 'Not theirs' });

    const attached = await attachTo(org.admin, id, denying);

    expect(attached.status).toBe(201);
    expect(attached.body).toEqual({
      id: denying,
      name: expect.any(String),
      description: 'Not theirs',
      effect: 'deny',
      attached_at: expect.any(String),
    });
    expect(await attachTo(org.admin, id, denying)).toMatchObject({ status: 200, body: attached.body });
    const here = await attachTo(org.admin, id, denying, org.workspaceId);
    expect(here).toMatchObject({ status: 201, body: { id: denying, workspace_id: org.workspaceId } });
    expect(await listOf(id)).toEqual([attached.body, here.body]);
    const statuses = [
      await detachFrom(org.admin, id, denying),
      await detachFrom(org.admin, id, denying),
      await detachFrom(org.admin, id, randomUUID()),
    ].map(({ status }) => status);
    expect(statuses).toEqual([204, 204, 204]);
    expect(await listOf(id)).toEqual([here.body]);
    await detachFrom(org.admin, id, denying, org.workspaceId);
    expect(await listOf(id)).toEqual([]);
    const names = ['attach_user_group_access_policy', 'detach_user_group_access_policy'];
    const recorded = await auditOf(t, org.orgId, names);
    expect(recorded.map(({ operation }) => operation)).toEqual([names[0], names[0], names[1], names[1]]);
  });

  it('are refused for an unknown policy, and for a workspace without a role', async () => {
    const id = await groupWith(org, VIEWER);
    const other = await t.fixtures.orgWithAdmin();
    const elsewhere = await anotherWorkspace(org);

    const statuses = [
      await attachTo(org.admin, id, randomUUID()),
      await attachTo(org.admin, id, await policy(other)),
      await attachTo(org.admin, id, await policy(org), elsewhere),
      await attachTo(org.admin, id, await policy(org), other.workspaceId),
    ].map(({ status }) => status);

    expect(statuses).toEqual([404, 404, 400, 400]);
  });

  it('deny first, and allow what no role gives, in the workspaces of the group', async () => {
    const member = await viewer();
    const updating = await policy(org, { condition_groups: [{ ...TEAM_A, permission: 'datasets:update' }] });
    const denying = await policy(org, { effect: 'deny' });
    const id = await userGroup(org);
    await addTo(org.admin, id, member);
    await attachTo(org.admin, id, updating);
    await attachTo(org.admin, id, denying);
    expect(await check(member)).toEqual([true, 'role']);

    await grantTo(org.admin, id, org.workspaceId, EDITOR);

    expect(await check(member)).toEqual([false, 'policy_deny']);
    expect(await check(member, 'datasets:update')).toEqual([true, 'policy_allow']);
    await detachFrom(org.admin, id, denying);
    expect(await check(member)).toEqual([true, 'role']);
  });

  it('apply in the one workspace for which they are attached, and end with the grant there', async () => {
    const elsewhere = await anotherWorkspace(org);
    const member = await viewer();
    await org.admin.api
      .as({ workspaceId: elsewhere })
      .post('/api/v1/workspaces/current/members', { org_identity_id: member.membershipId });
    const id = await groupWith(org, VIEWER, member);
    await grantTo(org.admin, id, elsewhere, VIEWER);
    const denying = await policy(org, { effect: 'deny' });
    await attachTo(org.admin, id, denying, elsewhere);

    expect(await check(member)).toEqual([true, 'role']);
    expect(await check(member, 'datasets:read', elsewhere)).toEqual([false, 'policy_deny']);
    await regrant(org.admin, id, elsewhere, EDITOR);
    expect(await check(member, 'datasets:read', elsewhere)).toEqual([false, 'policy_deny']);
    await revokeFrom(org.admin, id, elsewhere);
    expect(await listOf(id)).toEqual([]);
  });

  it('go with the policy', async () => {
    const id = await groupWith(org, VIEWER);
    const gone = await policy(org);
    await attachTo(org.admin, id, gone);

    await org.admin.api.delete(`/v1/platform/orgs/current/access-policies/${gone}`);

    expect(await listOf(id)).toEqual([]);
  });
});

describe('access policies of a workspace group', () => {
  it('apply to its members, and name its workspace', async () => {
    const [member, outside] = [await viewer(), await viewer()];
    const id = await groupWith(org, VIEWER, outside);
    const child = await childOf(t, id, org.workspaceId);
    await addTo(org.admin, child, member);
    const denying = await policy(org, { effect: 'deny' });

    const attached = await attachTo(org.admin, child, denying, org.workspaceId);

    expect(attached.body.workspace_id).toBe(org.workspaceId);
    expect((await attachTo(org.admin, child, denying)).status).toBe(200);
    expect(await check(member)).toEqual([false, 'policy_deny']);
    expect(await check(outside)).toEqual([true, 'role']);
    expect((await detachFrom(org.admin, child, denying)).status).toBe(204);
    expect(await check(member)).toEqual([true, 'role']);
  });

  it('are refused with 400 for another workspace', async () => {
    const child = await childOf(t, await groupWith(org, VIEWER), org.workspaceId);
    const elsewhere = await anotherWorkspace(org);
    const id = await policy(org);

    expect((await attachTo(org.admin, child, id, elsewhere)).status).toBe(400);
    expect((await detachFrom(org.admin, child, id, elsewhere)).status).toBe(400);
  });

  it('are managed by admins of the workspace within what they hold', async () => {
    const child = await childOf(t, await groupWith(org, VIEWER), org.workspaceId);
    const lead = await t.fixtures.member(org, {
      workspace: await customRole(org, ['workspaces:user-groups:manage-policies', 'datasets:read']),
    });
    const [reading, updating] = [
      await policy(org),
      await policy(org, { condition_groups: [{ ...TEAM_A, permission: 'datasets:update' }] }),
    ];
    const denying = await policy(org, {
      effect: 'deny',
      condition_groups: [{ ...TEAM_A, permission: 'datasets:update' }],
    });

    expect((await attachTo(lead, child, reading)).status).toBe(201);
    expect((await attachTo(lead, child, denying)).status).toBe(201);
    expect((await attachTo(lead, child, updating)).status).toBe(403);
    expect((await detachFrom(lead, child, reading)).status).toBe(204);
    expect((await detachFrom(lead, child, denying)).status).toBe(204); // it was of no effect there
  });

  it('are attached by admins of the workspace to whom the same policy applies, whatever it allows', async () => {
    const updating = await policy(org, { condition_groups: [{ ...TEAM_A, permission: 'datasets:update' }] });
    const managing = await customRole(org, ['workspaces:user-groups:manage-policies', 'datasets:read']);
    await attach(org.admin, managing, [updating]);
    const lead = await t.fixtures.member(org, { workspace: managing });
    const child = await childOf(t, await groupWith(org, VIEWER), org.workspaceId);

    expect((await attachTo(lead, child, updating)).status).toBe(201);
    expect((await detachFrom(lead, child, updating)).status).toBe(204);
  });

  it('are detached by no admin of the workspace to whom the same policy that denies applies', async () => {
    const denying = await policy(org, { effect: 'deny' });
    const child = await childOf(t, await groupWith(org, VIEWER), org.workspaceId);
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    await addTo(org.admin, child, await viewer(), lead);
    expect((await attachTo(lead, child, denying)).status).toBe(201);

    const refused = await detachFrom(lead, child, denying);

    expect([refused.status, refused.headers.get('x-error-code')]).toEqual([
      403,
      'access_policy_not_grantable',
    ]);
    expect(refused.body.detail).toContain('would no longer apply to a member of the group');
    expect((await detachFrom(org.admin, child, denying)).status).toBe(204);
  });

  it('are attached and detached by admins of the workspace whose members have more, if they hold what it allows', async () => {
    const updating = await policy(org, { condition_groups: [{ ...TEAM_A, permission: 'datasets:update' }] });
    const [reading, denying] = [await policy(org), await policy(org, { effect: 'deny' })];
    const lead = await t.fixtures.member(org, {
      workspace: await customRole(org, ['workspaces:user-groups:manage-policies', 'datasets:read']),
    });
    const child = await childOf(t, await groupWith(org, VIEWER), org.workspaceId);
    await addTo(org.admin, child, await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' }));
    await attachTo(org.admin, child, updating);

    const statuses = [
      await attachTo(lead, child, reading),
      await attachTo(lead, child, denying),
      await detachFrom(lead, child, reading),
      await detachFrom(lead, child, updating),
    ];

    expect(statuses.map(({ status }) => status)).toEqual([201, 201, 204, 403]);
  });

  it('are attached by no admin of the workspace whom a policy denies what they allow, unless it applies there', async () => {
    const denying = await policy(org, { effect: 'deny' });
    const denied = await customRole(org, ['workspaces:user-groups:manage-policies', 'datasets:read']);
    await attach(org.admin, denied, [denying]);
    const lead = await t.fixtures.member(org, { workspace: denied });
    const child = await childOf(t, await groupWith(org, VIEWER), org.workspaceId);
    const reading = await policy(org);

    const refused = await attachTo(lead, child, reading);

    expect([refused.status, refused.headers.get('x-error-code')]).toEqual([403, 'change_exceeds_rights']);
    await attachTo(lead, child, denying);
    expect((await attachTo(lead, child, reading)).status).toBe(201);
  });
});

describe('an operator', () => {
  it('neither attaches nor detaches policies, whichever group it is and whatever else they are', async () => {
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const id = await groupWith(org, VIEWER);
    const denying = await policy(org, { effect: 'deny' });
    for (const group of [id, await childOf(t, id, org.workspaceId)]) {
      await attachTo(org.admin, group, denying);

      expect((await attachTo(operator, group, await policy(org))).status).toBe(403);
      expect((await detachFrom(operator, group, denying)).status).toBe(403);
      expect((await operator.api.get(`${GROUPS}/${group}/access-policies`)).body.items).toHaveLength(1);
    }
  });

  it('gives a restricted role to no group, unless they manage the workspace', async () => {
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_USER',
    });
    const roleId = await customRole(org, ['runs:read']);
    await org.admin.api.send('PUT', `/api/v1/orgs/current/roles/${roleId}/restriction`, {
      is_restricted: true,
    });
    const [empty, granted] = [await userGroup(org), await groupWith(org, roleId)];

    const refused = await grantTo(operator, empty, org.workspaceId, roleId);

    expect([refused.status, refused.headers.get('x-error-code')]).toEqual([403, 'role_is_restricted']);
    expect((await addTo(operator, granted, operator)).status).toBe(403);
  });
});
