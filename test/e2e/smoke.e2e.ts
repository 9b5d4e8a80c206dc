import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { role } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

it('a workspace admin invites a team while the feature flag is on', async () => {
  const org = await t.fixtures.defaultOrg();
  const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
  const refused = await lead.api.post('/api/v1/workspaces/current/members/batch', [
    { email: 'new@example.com' },
  ]);
  expect(refused.status).toBe(403);
  await org.admin.api.patch('/api/v1/orgs/current/info', { workspace_admin_can_invite_to_org: true });
  const reply = await lead.api.post('/api/v1/workspaces/current/members/batch', [
    { email: 'New@example.com ', workspace_role_id: role('WORKSPACE_USER') },
    { email: org.admin.email },
  ]);
  expect(reply).toMatchObject({
    status: 200,
    body: [{ email: 'new@example.com' }, { email: org.admin.email }],
  });
  const other = await t.fixtures.orgWithAdmin();
  expect(other.orgId).not.toBe(org.orgId);
});
