import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { anotherWorkspace, inviteBatch, ORG_BATCH, updateOrg } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp({ RATE_LIMIT_INVITE_BATCHES_PER_MINUTE: '3' });
});
afterAll(() => t.close());

const somebody = () => [{ email: t.fixtures.email() }];
const inWorkspace = ({ admin }: OrgWithAdmin, workspaceId: string, rows: unknown = somebody()) =>
  inviteBatch({ ...admin, api: admin.api.as({ workspaceId }) }, rows);

describe('batches of invitations', () => {
  it('are so many a minute in a workspace; one more says when to come back', async () => {
    const org = await t.fixtures.orgWithAdmin();
    for (let count = 0; count < 3; count += 1)
      expect((await inviteBatch(org.admin, somebody())).status).toBe(200);

    const { status, headers, body } = await inviteBatch(org.admin, somebody());

    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(body.detail).toContain('Too many requests');
  });

  it('count when they are refused or malformed too, whoever sends them', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await updateOrg(org, { workspace_admin_can_invite_to_org: false });
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    expect((await inviteBatch(lead, somebody())).status).toBe(403);
    expect((await inviteBatch(lead, [{ email: 'nobody' }])).status).toBe(422);
    expect((await inviteBatch(lead, 'nothing')).status).toBe(422);
    expect((await inviteBatch(org.admin, somebody())).status).toBe(429);
  });

  it('count for each workspace alone, and not for single invitations', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const second = await anotherWorkspace(org);
    for (let count = 0; count < 4; count += 1) await inWorkspace(org, org.workspaceId);

    expect((await inWorkspace(org, second)).status).toBe(200);
    const single = await org.admin.api.post('/api/v1/orgs/current/members', { email: t.fixtures.email() });
    expect(single.status).toBe(200);
  });

  it('of an organization count for it, whichever workspace the request names besides', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const second = await anotherWorkspace(org);
    const batch = (workspaceId?: string) => org.admin.api.as({ workspaceId }).post(ORG_BATCH, somebody());

    const statuses = [];
    for (const workspaceId of [undefined, org.workspaceId, second, org.workspaceId])
      statuses.push((await batch(workspaceId)).status);

    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await inWorkspace(org, org.workspaceId)).status).toBe(200);
  });

  it('may come again in the next minute', async () => {
    const org = await t.fixtures.orgWithAdmin();
    for (let count = 0; count < 4; count += 1) await inviteBatch(org.admin, somebody());
    expect((await inviteBatch(org.admin, somebody())).status).toBe(429);

    await t.sql(`update rate_windows set started_at = started_at - interval '61 seconds'`);

    expect((await inviteBatch(org.admin, somebody())).status).toBe(200);
  });

  it('are not counted where the limit is 0', async () => {
    const open = await startTestApp({ RATE_LIMIT_INVITE_BATCHES_PER_MINUTE: '0' });
    const { admin } = await open.fixtures.defaultOrg();

    for (let count = 0; count < 5; count += 1)
      expect((await inviteBatch(admin, somebody())).status).toBe(200);

    expect(await open.sql('select from rate_windows')).toEqual([]);
    await open.close();
  });
});
