import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { anotherWorkspace, customRole } from '../support/invitations.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { pg } from '../support/postgres-client.js';
import { SSO_SETTINGS, ssoSettings } from '../support/sso-settings.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { waitForBlockedQuery } from '../support/waiting-for-locks.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const remove = (org: OrgWithAdmin, workspaceId: string) =>
  org.admin.api.delete(`/api/v1/workspaces/${workspaceId}`);

/** Sent without naming a workspace, which may be deleted. */
async function defaultsOf({ admin }: OrgWithAdmin): Promise<string[]> {
  return (await admin.api.as({ workspaceId: '' }).get(SSO_SETTINGS)).body[0].default_workspace_ids;
}

it('returns 409 with the reason when the only default workspace is deleted', async () => {
  const org = await t.fixtures.orgWithAdmin();
  await anotherWorkspace(org);
  await ssoSettings(org);
  const reply = await remove(org, org.workspaceId);
  expect(reply.status).toBe(409);
  expect(reply.body.detail).toMatch(/only default workspace of the single sign-on settings/);
  expect(reply.headers.get('x-should-retry')).toBe('false');
  expect((await org.admin.api.get(`/api/v1/workspaces/${org.workspaceId}`)).status).toBe(200);
  expect(await defaultsOf(org)).toEqual([org.workspaceId]);
});

it('deletes one of several default workspaces and removes it from the defaults', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const second = await anotherWorkspace(org);
  await ssoSettings(org, { default_workspace_ids: [org.workspaceId, second] });
  expect((await remove(org, org.workspaceId)).status).toBe(200);
  expect(await defaultsOf(org)).toEqual([second]);
  expect((await remove(org, second)).status).toBe(409);
});

it('keeps one of two default workspaces that are deleted at once', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const second = await anotherWorkspace(org);
  await ssoSettings(org, { default_workspace_ids: [org.workspaceId, second] });
  const replies = await Promise.all([remove(org, org.workspaceId), remove(org, second)]);
  expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
  expect(await defaultsOf(org)).toHaveLength(1);
});

it('deletes a former default workspace once another is the default or the settings are deleted', async () => {
  const [org, other] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
  const second = await anotherWorkspace(org);
  const { id } = await ssoSettings(org);
  await org.admin.api.patch(`${SSO_SETTINGS}/${id}`, { default_workspace_ids: [second] });
  expect((await remove(org, org.workspaceId)).status).toBe(200);
  const foreign = await ssoSettings(other);
  expect((await other.admin.api.delete(`${SSO_SETTINGS}/${foreign.id}`)).status).toBe(200);
  expect((await remove(other, other.workspaceId)).status).toBe(200);
});

it('keeps a default workspace when one is chosen and deleted at the same moment', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const { id } = await ssoSettings(org);
  const second = await anotherWorkspace(org);
  const change = { default_workspace_ids: [second] };
  const [chosen, deleted] = await Promise.all([
    org.admin.api.patch(`${SSO_SETTINGS}/${id}`, change),
    remove(org, second),
  ]);
  expect([`${chosen.status} ${deleted.status}`]).toEqual([expect.stringMatching(/^(200 409|404 200)$/)]);
  expect(await defaultsOf(org)).toEqual([chosen.status === 200 ? second : org.workspaceId]);
});

it('keeps the last default workspace by a constraint when SQL deletes two at once', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const second = await anotherWorkspace(org);
  await ssoSettings(org, { default_workspace_ids: [org.workspaceId, second] });
  const drop = 'delete from sso_default_workspaces where workspace_id = $1';
  const first = new pg.Client(t.databaseUrl);
  await first.connect();
  await first.query('begin');
  await first.query(drop, [org.workspaceId]);
  const waiting = Promise.allSettled([t.sql(drop, [second])]);
  await waitForBlockedQuery(t);
  await first.query('commit');
  const [later] = await waiting;
  await first.end();
  expect(later).toMatchObject({
    status: 'rejected',
    reason: { constraint: 'sso_default_workspaces_one_remains' },
  });
  expect(await defaultsOf(org)).toEqual([second]);
});

it('deletes the single sign-on settings with their organization', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const { id } = await ssoSettings(org);
  await t.sql('delete from organizations where id = $1', [org.orgId]);
  expect(await t.sql('select from sso_settings where id = $1', [id])).toEqual([]);
});

it('returns 409 when a role that new members get is deleted', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const custom = await customRole(org, ['workspaces:read']);
  await ssoSettings(org, { default_workspace_role_id: custom });
  expect((await org.admin.api.delete(`/api/v1/orgs/current/roles/${custom}`)).status).toBe(409);
});
