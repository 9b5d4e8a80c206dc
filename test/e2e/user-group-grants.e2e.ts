import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditOf } from '../support/audit.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { anotherWorkspace, customRole } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  childOf,
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

const childrenOf = (groupId: string) =>
  t.sql<{ name: string }>('select name from user_groups where parent_user_group_id = $1', [groupId]);

describe('the role of a user group in a workspace', () => {
  it('is given, read, listed, changed and taken back, and the child exists as long', async () => {
    const id = await userGroup(org, { name: 'Builders' });
    const path = `${GROUPS}/${id}/workspaces`;

    const given = await grantTo(org.admin, id, org.workspaceId, EDITOR);

    expect(given.status).toBe(201);
    expect(given.body).toEqual({
      workspace_id: org.workspaceId,
      role_id: EDITOR,
      role_name: 'Editor',
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect((await org.admin.api.get(`${path}/${org.workspaceId}`)).body).toEqual(given.body);
    expect((await org.admin.api.get(path)).body).toEqual({ items: [given.body], next_cursor: null });
    expect(await childrenOf(id)).toEqual([{ name: `Builders (${org.workspaceId})` }]);
    expect((await regrant(org.admin, id, org.workspaceId, VIEWER)).body).toMatchObject({
      role_name: 'Viewer',
    });
    expect((await revokeFrom(org.admin, id, org.workspaceId)).status).toBe(204);
    expect((await revokeFrom(org.admin, id, org.workspaceId)).status).toBe(204);
    expect(await childrenOf(id)).toEqual([]);
    expect((await org.admin.api.get(`${path}/${org.workspaceId}`)).status).toBe(404);
    const names = ['create_user_group_grant', 'update_user_group_grant', 'delete_user_group_grant'];
    expect((await auditOf(t, org.orgId, names)).map(({ operation }) => operation)).toEqual(names);
  });

  it('is given once: a second one is 409', async () => {
    const id = await groupWith(org, EDITOR);

    const second = await grantTo(org.admin, id, org.workspaceId, VIEWER);

    expect([second.status, second.headers.get('x-should-retry')]).toEqual([409, 'false']);
  });

  it.each([
    ['404 for an unknown workspace', 404, () => [randomUUID(), EDITOR]],
    ['404 for an unknown role', 404, () => [org.workspaceId, randomUUID()]],
    ['400 for a role of the organization', 400, () => [org.workspaceId, role('ORGANIZATION_VIEWER')]],
    ['400 for a workspace id that is no UUID', 400, () => ['here', EDITOR]],
  ] as const)('is refused with %s', async (_, status, values) => {
    const id = await userGroup(org);
    const [workspaceId, roleId] = values();

    expect((await grantTo(org.admin, id, workspaceId!, roleId!)).status).toBe(status);
    expect(await childrenOf(id)).toEqual([]);
  });

  it("is refused with 404 for another organization's workspace and role", async () => {
    const other = await t.fixtures.orgWithAdmin();
    const id = await userGroup(org);

    const replies = [
      await grantTo(org.admin, id, other.workspaceId, VIEWER),
      await grantTo(org.admin, id, org.workspaceId, await customRole(other, ['runs:read'])),
    ];

    expect(replies.map(({ status }) => status)).toEqual([404, 404]);
  });

  it('cannot be changed where there is none, which is 404', async () => {
    const id = await userGroup(org);

    expect((await regrant(org.admin, id, org.workspaceId, VIEWER)).status).toBe(404);
  });

  it('may be read by a viewer of the workspace', async () => {
    const id = await groupWith(org, EDITOR);
    const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });

    expect((await viewer.api.get(`${GROUPS}/${id}/workspaces/${org.workspaceId}`)).status).toBe(200);
  });

  it('goes with the workspace', async () => {
    const workspaceId = await anotherWorkspace(org);
    const id = await userGroup(org);
    await grantTo(org.admin, id, workspaceId, VIEWER);

    expect((await org.admin.api.delete(`/api/v1/workspaces/${workspaceId}`)).status).toBe(200);

    expect((await org.admin.api.get(`${GROUPS}/${id}/workspaces`)).body.items).toEqual([]);
    expect(await childrenOf(id)).toEqual([]);
  });

  it('keeps a custom role from being deleted, which is 409', async () => {
    const roleId = await customRole(org, ['runs:read']);
    const id = await groupWith(org, roleId);
    const remove = () => org.admin.api.delete(`/api/v1/orgs/current/roles/${roleId}`);

    const refused = await remove();
    await revokeFrom(org.admin, id, org.workspaceId);

    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('a user group') } });
    expect((await remove()).status).toBe(200);
  });
});

describe('a child group', () => {
  it('follows the name of its parent, and fits into 255 characters', async () => {
    const id = await groupWith(org, EDITOR);

    await org.admin.api.patch(`${GROUPS}/${id}`, { name: 'n'.repeat(255) });

    expect(await childrenOf(id)).toEqual([{ name: `${'n'.repeat(216)} (${org.workspaceId})` }]);
  });

  it.each([
    ['renamed', (path: string) => org.admin.api.patch(path, { name: 'Own name' })],
    ['deleted', (path: string) => org.admin.api.delete(path)],
    [
      'granted a role',
      (path: string) =>
        org.admin.api.post(`${path}/workspaces`, { workspace_id: org.workspaceId, role_id: VIEWER }),
    ],
    ['asked for its grants', (path: string) => org.admin.api.get(`${path}/workspaces`)],
    ['asked for one grant', (path: string) => org.admin.api.get(`${path}/workspaces/${org.workspaceId}`)],
    [
      'given another role',
      (path: string) => org.admin.api.patch(`${path}/workspaces/${org.workspaceId}`, { role_id: VIEWER }),
    ],
    ['deprived of its role', (path: string) => org.admin.api.delete(`${path}/workspaces/${org.workspaceId}`)],
  ])('cannot be %s, which is 400', async (_, request) => {
    const child = await childOf(t, await groupWith(org, EDITOR), org.workspaceId);

    expect((await request(`${GROUPS}/${child}`)).status).toBe(400);
    expect((await org.admin.api.get(`${GROUPS}/${child}`)).status).toBe(200);
  });

  it('goes with its parent', async () => {
    const id = await groupWith(org, EDITOR);
    const child = await childOf(t, id, org.workspaceId);

    await org.admin.api.delete(`${GROUPS}/${id}`);

    expect((await org.admin.api.get(`${GROUPS}/${child}`)).status).toBe(404);
  });
});
