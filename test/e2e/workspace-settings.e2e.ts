import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { auditOf } from '../support/audit.js';
import { anotherWorkspace, customRole } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const SETTINGS = '/api/v1/settings';
const HANDLE = '/api/v1/settings/handle';
const handle = (name = 'team') => `${name}-${randomUUID().slice(0, 8)}`;

/** A service key of the organization; null as `workspaces` gives it all workspaces. */
async function serviceKey(
  org: Awaited<ReturnType<typeof t.fixtures.orgWithAdmin>>,
  workspaces: string[] | null,
) {
  const { status, body } = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
    description: 'machine',
    workspaces,
  });
  if (status !== 200) throw new Error(`making a key: ${status} ${JSON.stringify(body)}`);
  return body.key as string;
}

it('the settings of the named workspace are returned, with a null handle at first', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const reply = await org.admin.api.get(SETTINGS);
  expect(reply.status).toBe(200);
  expect(reply.body).toEqual({
    id: org.workspaceId,
    display_name: 'Workspace 1',
    created_at: expect.any(String),
    tenant_handle: null,
  });
});

it('every credential of the workspace may read its settings, whatever its role', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const role = await customRole(org, ['projects:read']);
  const reader = await t.fixtures.member(org, { workspace: role });
  const key = await serviceKey(org, [org.workspaceId]);
  expect(await reader.api.get(SETTINGS)).toMatchObject({ status: 200, body: { id: org.workspaceId } });
  expect(await t.api.as({ key }).get(SETTINGS)).toMatchObject({ status: 200, body: { id: org.workspaceId } });
});

it('a caller outside the workspace or without a credential is refused', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const outsider = await t.fixtures.member(org, {});
  const other = await t.fixtures.orgWithAdmin();
  expect((await outsider.api.get(SETTINGS)).status).toBe(403);
  expect((await other.admin.api.as({ workspaceId: org.workspaceId }).get(SETTINGS)).status).toBe(403);
  expect((await t.api.get(SETTINGS)).status).toBe(401);
});

it('a key for the whole organization must name the workspace, and the error has the text that SDKs match', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const key = await serviceKey(org, null);
  expect(await t.api.as({ key }).get(SETTINGS)).toMatchObject({
    status: 403,
    body: { error: 'org_scoped_key_requires_workspace' },
  });
  expect((await t.api.as({ key, workspaceId: org.workspaceId }).get(SETTINGS)).status).toBe(200);
});

it('a workspace admin sets the handle and changes it again', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
  const [first, second] = [handle(), handle()];
  expect(await lead.api.post(HANDLE, { tenant_handle: first })).toMatchObject({
    status: 200,
    body: { id: org.workspaceId, tenant_handle: first },
  });
  expect((await lead.api.post(HANDLE, { tenant_handle: second })).body.tenant_handle).toBe(second);
  expect((await lead.api.get(SETTINGS)).body.tenant_handle).toBe(second);
  expect((await lead.api.post(HANDLE, { tenant_handle: second })).status).toBe(200);
});

it('a change of the handle and a refused change have audit entries', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const editor = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
  await org.admin.api.post(HANDLE, { tenant_handle: handle() });
  expect((await editor.api.post(HANDLE, { tenant_handle: handle() })).status).toBe(403);
  const { workspaceId } = org;
  expect(await auditOf(t, org.orgId, ['set_tenant_handle'])).toEqual([
    expect.objectContaining({
      succeeded: true,
      userId: org.admin.userId,
      workspaceId,
      resourceIds: [workspaceId],
    }),
    expect.objectContaining({ succeeded: false, userId: editor.userId, workspaceId, responseStatus: 403 }),
  ]);
});

it('one of many concurrent requests for the same handle succeeds in the installation', async () => {
  const orgs = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
  const second = await anotherWorkspace(orgs[0]!);
  const clients = [orgs[0]!.admin.api, orgs[1]!.admin.api, orgs[0]!.admin.api.as({ workspaceId: second })];
  const tenant_handle = handle('wanted');
  const replies = await Promise.all(clients.map((api) => api.post(HANDLE, { tenant_handle })));
  expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409]);
  const loser = replies.find(({ status }) => status === 409)!;
  expect(loser.body.detail).toMatch(/taken/);
  expect(loser.headers.get('x-should-retry')).toBe('false');
});

it('a handle that was given up is available to other workspaces', async () => {
  const [first, second] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
  const tenant_handle = handle();
  await first.admin.api.post(HANDLE, { tenant_handle });
  await first.admin.api.post(HANDLE, { tenant_handle: handle() });
  expect((await second.admin.api.post(HANDLE, { tenant_handle })).status).toBe(200);
});

it.each(['a', '-team', 'Team', 'two words', 'team_one', 'a'.repeat(64), 'team\n', '', null, 7])(
  'the handle %j is rejected with 422',
  async (tenant_handle) => {
    const org = await t.fixtures.defaultOrg();
    expect(await org.admin.api.post(HANDLE, { tenant_handle })).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'tenant_handle'] }] },
    });
  },
);

it('a handle has from two to 63 characters', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const longest = `${'a'.repeat(55)}${randomUUID().slice(0, 8)}`;
  expect((await org.admin.api.post(HANDLE, { tenant_handle: longest })).body.tenant_handle).toBe(longest);
  expect((await org.admin.api.post(HANDLE, { tenant_handle: 'a1' })).status).toBe(200);
  expect((await org.admin.api.post(HANDLE, {})).status).toBe(422);
});
