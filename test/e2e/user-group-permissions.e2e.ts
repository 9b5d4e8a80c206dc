import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHECK, policy } from '../support/access-policies.js';
import type { Member, OrgWithAdmin } from '../support/fixtures.js';
import { anotherWorkspace, customRole, WORKSPACE_BATCH } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  addTo,
  childOf,
  EDITOR,
  grantTo,
  groupWith,
  permissionsOf,
  regrant,
  removeFrom,
  revokeFrom,
  userGroup,
  VIEWER,
  WORKSPACE_ADMIN,
} from '../support/user-groups.js';

const IN_WORKSPACE = '/api/v1/workspaces/current/members';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
});
afterAll(() => t.close());

const viewer = () => t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
/** Whether the caller may change the workspace of their client, which Editor does not allow. */
const managesWorkspace = async ({ api }: Pick<Member, 'api'>, workspaceId = org.workspaceId) =>
  (await api.patch(`/api/v1/workspaces/${workspaceId}`, { display_name: `W ${workspaceId}` })).status === 200;
const check = async (member: Member, question: Record<string, unknown>) =>
  (await org.admin.api.post(CHECK, { user_id: member.userId, workspace_id: org.workspaceId, ...question }))
    .body;

describe('a member of a user group', () => {
  it('has the role of the group at the next request, and loses it at the next request', async () => {
    const member = await viewer();
    const id = await groupWith(org, WORKSPACE_ADMIN);
    expect(await managesWorkspace(member)).toBe(false);

    await addTo(org.admin, id, member);
    expect(await managesWorkspace(member)).toBe(true);
    await regrant(org.admin, id, org.workspaceId, EDITOR);
    expect(await managesWorkspace(member)).toBe(false);
    await regrant(org.admin, id, org.workspaceId, WORKSPACE_ADMIN);
    expect(await managesWorkspace(member)).toBe(true);
    await removeFrom(org.admin, id, member);
    expect(await managesWorkspace(member)).toBe(false);
    await addTo(org.admin, id, member);
    await revokeFrom(org.admin, id, org.workspaceId);
    expect(await managesWorkspace(member)).toBe(false);
    await grantTo(org.admin, id, org.workspaceId, WORKSPACE_ADMIN);
    expect(await managesWorkspace(member)).toBe(true);
    await org.admin.api.delete(`/v1/platform/orgs/current/user-groups/${id}`);
    expect(await managesWorkspace(member)).toBe(false);
  });

  it('has the union of all roles, and keeps what another group still gives', async () => {
    const member = await viewer();
    const custom = await customRole(org, ['datasets:share', 'runs:delete']);
    const first = await groupWith(org, custom, member);
    const second = await groupWith(org, custom, member);
    const held = () => permissionsOf(member, org.workspaceId);

    expect(await held()).toEqual(
      expect.arrayContaining(['workspaces:read', 'datasets:share', 'runs:delete']),
    );
    await removeFrom(org.admin, first, member);
    expect(await held()).toContain('datasets:share');
    await removeFrom(org.admin, second, member);
    expect(await held()).not.toContain('datasets:share');
  });

  it('has the role of a child group, too', async () => {
    const member = await viewer();
    const id = await groupWith(org, WORKSPACE_ADMIN, member);
    const child = await childOf(t, id, org.workspaceId);
    await addTo(org.admin, child, member);

    await removeFrom(org.admin, id, member);
    expect(await managesWorkspace(member)).toBe(true);
    await revokeFrom(org.admin, id, org.workspaceId);
    expect(await managesWorkspace(member)).toBe(false);
  });

  it('keeps the own role in role_id, and has all permissions in the list of workspaces and in one workspace', async () => {
    const member = await viewer();
    await groupWith(org, EDITOR, member);

    const [listed] = (await member.api.get('/api/v1/workspaces')).body;
    const one = (await member.api.get(`/api/v1/workspaces/${org.workspaceId}`)).body;

    for (const workspace of [listed, one]) {
      expect(workspace).toMatchObject({ role_id: VIEWER, role_name: 'Viewer' });
      expect(workspace.permissions).toContain('datasets:create');
    }
    const members = (await org.admin.api.get(`${IN_WORKSPACE}/active?emails=${member.email}`)).body;
    expect(members).toMatchObject([{ role_id: VIEWER }]);
  });

  it('is no member of a workspace by the group, and has nothing there without a membership', async () => {
    const outsider = await t.fixtures.member(org, {});
    await groupWith(org, WORKSPACE_ADMIN, outsider);

    expect((await outsider.api.as({ workspaceId: undefined }).get('/api/v1/workspaces')).body).toEqual([]);
    expect((await outsider.api.get(`${IN_WORKSPACE}/active`)).status).toBe(403);
    expect((await outsider.api.get(`/api/v1/workspaces/${org.workspaceId}`)).status).toBe(403);
    expect(await check(outsider, { permission: 'workspaces:read' })).toMatchObject({ allowed: false });
  });

  it('loses the effect with the membership in the workspace, and gets it back with it', async () => {
    const member = await viewer();
    await groupWith(org, WORKSPACE_ADMIN, member);
    const [own] = (await org.admin.api.get(`${IN_WORKSPACE}/active?emails=${member.email}`)).body;

    await org.admin.api.delete(`${IN_WORKSPACE}/${own.id}`);
    expect((await member.api.get(`${IN_WORKSPACE}/active`)).status).toBe(403);
    await org.admin.api.post(IN_WORKSPACE, { org_identity_id: member.membershipId, role_id: VIEWER });

    expect(await managesWorkspace(member)).toBe(true);
  });

  it('has nothing of groups in other workspaces, and nothing while disabled', async () => {
    const member = await viewer();
    const elsewhere = await anotherWorkspace(org);
    const id = await userGroup(org);
    await grantTo(org.admin, id, elsewhere, WORKSPACE_ADMIN);
    await addTo(org.admin, id, member);
    expect(await managesWorkspace(member)).toBe(false);

    await grantTo(org.admin, id, org.workspaceId, WORKSPACE_ADMIN);
    await t.sql('update org_memberships set is_disabled = true where id = $1', [member.membershipId]);

    expect((await member.api.get(`${IN_WORKSPACE}/active`)).status).toBe(403);
    expect(await check(member, { permission: 'workspaces:read' })).toMatchObject({ allowed: false });
  });

  it('has nothing of groups while the organization does not have the feature', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const member = await t.fixtures.member(other, { workspace: 'WORKSPACE_VIEWER' });
    await groupWith(other, WORKSPACE_ADMIN, member);
    expect(await managesWorkspace(member, other.workspaceId)).toBe(true);

    await t.sql('update organizations set can_use_user_groups = false where id = $1', [other.orgId]);

    expect(await managesWorkspace(member, other.workspaceId)).toBe(false);
    expect(await permissionsOf(member, other.workspaceId)).not.toContain('workspaces:manage');
  });

  it('has the role with a personal access token, live', async () => {
    const member = await viewer();
    const { body } = await member.api.post('/api/v1/orgs/current/personal-access-tokens', {
      description: 'x',
    });
    const token = { api: t.api.as({ key: body.key, workspaceId: org.workspaceId }) };
    const id = await groupWith(org, WORKSPACE_ADMIN);

    expect(await managesWorkspace(token)).toBe(false);
    await addTo(org.admin, id, member);
    expect(await managesWorkspace(token)).toBe(true);
    await removeFrom(org.admin, id, member);
    expect(await managesWorkspace(token)).toBe(false);
  });
});

describe('what a caller may grant', () => {
  it('includes what they hold by user groups, in the workspace of the request', async () => {
    const lead = await t.fixtures.member(org, {
      workspace: await customRole(org, ['workspaces:read', 'workspaces:manage-members']),
    });
    const newcomer = await t.fixtures.member(org, {});
    const add = () =>
      lead.api.post(IN_WORKSPACE, { org_identity_id: newcomer.membershipId, role_id: EDITOR });
    expect((await add()).status).toBe(403);

    await groupWith(org, EDITOR, lead);

    expect((await add()).status).toBe(200);
  });

  it('includes what they hold by user groups in other workspaces, as for service keys', async () => {
    const custom = await customRole(org, ['workspaces:read']);
    const managing = await customRole(org, ['workspaces:read', 'workspaces:manage-keys']);
    const lead = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR', workspace: custom });
    const api = lead.api.as({ workspaceId: undefined });
    const make = () =>
      api.post('/api/v1/orgs/current/service-keys', {
        description: 'x',
        workspaces: [org.workspaceId],
        role_id: managing,
      });
    expect((await make()).status).toBe(403);

    const id = await groupWith(org, managing, lead);
    expect((await make()).status).toBe(200);
    await removeFrom(org.admin, id, lead);
    expect((await make()).status).toBe(403);
  });

  it('includes nothing of user groups while the organization does not have the feature', async () => {
    const own = await t.fixtures.orgWithAdmin();
    const lead = await t.fixtures.member(own, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: await customRole(own, ['workspaces:read']),
    });
    const managing = await customRole(own, ['workspaces:read', 'workspaces:manage-keys']);
    const keeper = await t.fixtures.member(own, { workspace: await customRole(own, ['workspaces:read']) });
    await groupWith(own, managing, lead, keeper);
    const deleteKey = async () => {
      const { body } = await own.admin.api.post('/api/v1/api-key', {});
      return (await keeper.api.delete(`/api/v1/orgs/current/service-keys/${body.id}`)).status;
    };
    const makeKey = async () => {
      const body = { description: 'x', workspaces: [own.workspaceId], role_id: managing };
      return (await lead.api.post('/api/v1/orgs/current/service-keys', body)).status;
    };
    expect([await makeKey(), await deleteKey()]).toEqual([200, 200]);

    await t.sql('update organizations set can_use_user_groups = false where id = $1', [own.orgId]);

    expect([await makeKey(), await deleteKey()]).toEqual([403, 403]);
  });

  it('includes it in batches of invitations', async () => {
    const lead = await t.fixtures.member(org, {
      workspace: await customRole(org, ['workspaces:read', 'workspaces:manage-members']),
    });
    const known = await t.fixtures.member(org, {});
    const rows = [{ email: known.email, workspace_role_id: EDITOR }];
    expect((await lead.api.post(WORKSPACE_BATCH, rows)).status).toBe(403);

    await groupWith(org, EDITOR, lead);

    expect((await lead.api.post(WORKSPACE_BATCH, rows)).status).toBe(200);
  });
});

describe('an access check', () => {
  const dataset = { resource_type: 'dataset', resource_tags: { Team: 'A' } };

  it('allows what a user group gives, and says so as of a role', async () => {
    const member = await viewer();
    expect(await check(member, { permission: 'datasets:create' })).toMatchObject({ allowed: false });

    await groupWith(org, EDITOR, member);

    expect(await check(member, { permission: 'datasets:create' })).toMatchObject({
      allowed: true,
      reason: 'role',
      role_id: VIEWER,
    });
  });

  it('applies the policies of the roles of groups, and a denying one first', async () => {
    const member = await viewer();
    const given = await customRole(org, ['runs:read']);
    const denying = await policy(org, { effect: 'deny', role_ids: [given] });
    expect(await check(member, { permission: 'datasets:read', ...dataset })).toMatchObject({ allowed: true });

    await groupWith(org, given, member);

    expect(await check(member, { permission: 'datasets:read', ...dataset })).toMatchObject({
      allowed: false,
      policy_id: denying,
    });
  });
});

describe("the explanation of a member's access", () => {
  it('names the user groups with their roles, and adds their permissions', async () => {
    const member = await viewer();
    const id = await groupWith(org, EDITOR, member);
    const child = await childOf(t, id, org.workspaceId);
    await addTo(org.admin, child, member);

    const { body } = await org.admin.api.get(`/api/v1/orgs/current/members/${member.membershipId}/access`);

    expect(body.workspaces).toHaveLength(1);
    expect(body.workspaces[0]).toMatchObject({ role_id: VIEWER, reason: 'membership' });
    expect(body.workspaces[0].permissions).toContain('datasets:create');
    const named = {
      ...{ role_id: EDITOR, role_name: 'Editor', source: 'manual' },
      ...{ added_at: expect.any(String), access_expires_at: null },
    };
    expect(body.workspaces[0].user_groups).toEqual([
      { user_group_id: id, user_group_name: expect.any(String), ...named },
      { user_group_id: child, user_group_name: expect.stringContaining(org.workspaceId), ...named },
    ]);
  });
});
