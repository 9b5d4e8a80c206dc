import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { anotherWorkspace, invitation, inviteBatch, ORG_BATCH, updateOrg } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp({ RATE_LIMIT_INVITE_BATCHES_PER_MINUTE: '3' });
});
afterAll(() => t.close());

const newRow = () => [{ email: t.fixtures.email() }];
const inWorkspace = ({ admin }: OrgWithAdmin, workspaceId: string, rows: unknown = newRow()) =>
  inviteBatch({ ...admin, api: admin.api.as({ workspaceId }) }, rows);

describe('the rate limit of invitation batches', () => {
  it('returns 429 with Retry-After for a batch above the limit per minute of a workspace', async () => {
    const org = await t.fixtures.orgWithAdmin();
    for (let count = 0; count < 3; count += 1)
      expect((await inviteBatch(org.admin, newRow())).status).toBe(200);

    const { status, headers, body } = await inviteBatch(org.admin, newRow());

    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(body.detail).toContain('Too many requests');
  });

  it('counts refused and malformed batches of every caller', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await updateOrg(org, { workspace_admin_can_invite_to_org: false });
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    expect((await inviteBatch(lead, newRow())).status).toBe(403);
    expect((await inviteBatch(lead, [{ email: 'not-an-address' }])).status).toBe(422);
    expect((await inviteBatch(lead, 'nothing')).status).toBe(422);
    expect((await inviteBatch(org.admin, newRow())).status).toBe(429);
  });

  it('counts batches per workspace, and does not count single invitations', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const second = await anotherWorkspace(org);
    for (let count = 0; count < 4; count += 1) await inWorkspace(org, org.workspaceId);

    expect((await inWorkspace(org, second)).status).toBe(200);
    const single = await org.admin.api.post('/api/v1/orgs/current/members', { email: t.fixtures.email() });
    expect(single.status).toBe(200);
  });

  it('counts batches of an organization for the organization, whichever workspace the request names', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const second = await anotherWorkspace(org);
    const batch = (workspaceId?: string) => org.admin.api.as({ workspaceId }).post(ORG_BATCH, newRow());

    const statuses = [];
    for (const workspaceId of [undefined, org.workspaceId, second, org.workspaceId])
      statuses.push((await batch(workspaceId)).status);

    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await inWorkspace(org, org.workspaceId)).status).toBe(200);
  });

  it('counts invitations that are resent from the workspace, since each time a mail is sent', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const id = await invitation(org, { email: t.fixtures.email(), workspace_ids: [org.workspaceId] });
    const path = `/api/v1/workspaces/current/members/${id}/pending/resend`;

    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await org.admin.api.post(path)).status);

    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await inviteBatch(org.admin, newRow())).status).toBe(429);
  });

  it('accepts batches again in the next minute', async () => {
    const org = await t.fixtures.orgWithAdmin();
    for (let count = 0; count < 4; count += 1) await inviteBatch(org.admin, newRow());
    expect((await inviteBatch(org.admin, newRow())).status).toBe(429);

    await t.sql(`update rate_windows set started_at = started_at - interval '61 seconds'`);

    expect((await inviteBatch(org.admin, newRow())).status).toBe(200);
  });

  it('limits the invited addresses of an organization per hour, all of a batch or none', async () => {
    const few = await startTestApp({ RATE_LIMIT_INVITED_ADDRESSES_PER_HOUR: '3' });
    const org = await few.fixtures.orgWithAdmin();
    const other = await few.fixtures.orgWithAdmin();
    const rows = (count: number) => Array.from({ length: count }, () => ({ email: few.fixtures.email() }));
    const pending = async () =>
      (await org.admin.api.get('/api/v1/orgs/current/members/pending')).headers.get('x-pagination-total');

    const [first] = rows(1);
    expect((await org.admin.api.post(ORG_BATCH, [first])).status).toBe(200);
    const refused = await org.admin.api.post(ORG_BATCH, rows(3));
    expect(refused.status).toBe(429);
    expect(refused.headers.get('x-error-code')).toBe('too_many_requests');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3500);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(3600);
    expect(await pending()).toBe('1');

    const atOnce = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        n % 2 === 0
          ? inviteBatch(org.admin, rows(1))
          : org.admin.api.post('/api/v1/orgs/current/members', rows(1)[0]),
      ),
    );
    expect(atOnce.filter(({ status }) => status === 200)).toHaveLength(2);
    expect(atOnce.filter(({ status }) => status === 429)).toHaveLength(4);
    expect(await pending()).toBe('3');
    expect((await org.admin.api.post(ORG_BATCH, [first])).status).toBe(200);
    expect((await other.admin.api.post(ORG_BATCH, rows(3))).status).toBe(200);

    await few.sql(
      `update invitations set created_at = created_at - interval '59 minutes' where org_id = $1`,
      [org.orgId],
    );
    const later = await org.admin.api.post(ORG_BATCH, rows(2));
    expect(Number(later.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    await few.sql(`update invitations set created_at = created_at - interval '1 minute' where org_id = $1`, [
      org.orgId,
    ]);
    expect((await org.admin.api.post(ORG_BATCH, rows(3))).status).toBe(200);
    await few.close();
  });

  it('counts no batches when the limit is 0', async () => {
    const open = await startTestApp({ RATE_LIMIT_INVITE_BATCHES_PER_MINUTE: '0' });
    const { admin } = await open.fixtures.defaultOrg();

    for (let count = 0; count < 5; count += 1) expect((await inviteBatch(admin, newRow())).status).toBe(200);

    expect(await open.sql('select from rate_windows')).toEqual([]);
    await open.close();
  });
});
