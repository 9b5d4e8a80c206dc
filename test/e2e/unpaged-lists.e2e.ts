import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import { exchange } from '../support/exchange.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { role } from '../support/fixtures.js';
import { createMembers } from '../support/members.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const MEMBERS = 720; // more than are read at once, and no multiple of a batch
const PENDING = 310;

const INVITE = `
  with offers as (
    insert into invitations (id, org_id, email, org_role_id, from_workspace, status, created_at)
    select gen_random_uuid(), $1, format('pending-%s@example.com', n), $3, false, 'pending', timestamptz '2024-01-01' + n / 3 * interval '1 s'
    from generate_series(1, $5::int) n returning id)
  insert into invitation_workspaces (invitation_id, org_id, workspace_id, role_id) select id, $1, $2, $4 from offers`;

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const invite = ({ orgId, workspaceId }: OrgWithAdmin, count: number) =>
  t.sql(INVITE, [orgId, workspaceId, role('ORGANIZATION_USER'), role('WORKSPACE_USER'), count]);

/** The text of a response, as the server sent it. */
async function textOf({ admin, orgId, workspaceId }: OrgWithAdmin, path: string, method = 'GET') {
  const token = await t.fixtures.login(admin.email, admin.password);
  const headers = {
    authorization: `Bearer ${token}`,
    'x-organization-id': orgId,
    'x-tenant-id': workspaceId,
  };
  return exchange(`${t.url}${path}`, { method, headers });
}

/** All rows of a paged list, in its order. */
async function allPages({ admin }: OrgWithAdmin, path: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (;;) {
    const { body } = await admin.api.get(`${path}?limit=500&offset=${rows.length}`);
    rows.push(...(body as unknown[]));
    if (body.length < 500) return rows;
  }
}

const rosters = [
  ['/api/v1/orgs/current/members', 'organization_id', 'orgId'],
  ['/api/v1/workspaces/current/members', 'tenant_id', 'workspaceId'],
] as const;

describe.each(rosters)('%s', (path, idField, id) => {
  const sizes: [members: number, pending: number, isStreamed: boolean][] = [
    [0, 0, false],
    [20, 12, false],
    [249, 250, false],
    [20, PENDING, true],
    [MEMBERS, 0, true],
    [MEMBERS, PENDING, true],
  ];
  it.each(sizes)(
    'returns the rows of all pages byte for byte with %i more members and %i pending ones',
    async (members, pending, isStreamed) => {
      const org = await t.fixtures.orgWithAdmin();
      await createMembers(t, org, members);
      await invite(org, pending);

      const { status, headers, text } = await textOf(org, path);

      const whole = {
        [idField]: org[id],
        members: await allPages(org, `${path}/active`),
        pending: await allPages(org, `${path}/pending`),
      };
      expect(status).toBe(200);
      expect([whole.members.length, whole.pending.length]).toEqual([members + 1, pending]);
      expect(text === JSON.stringify(whole)).toBe(true); // a failed toBe would print both
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(headers.get('content-length')).toBe(isStreamed ? null : String(Buffer.byteLength(text)));
      expect((await org.admin.api.get(path)).status).toBe(200); // valid by the description
    },
  );
});

/** Transactions of large lists that are open at the moment. */
const openCursors = async () =>
  (
    await t.sql(
      `select from pg_stat_activity where datname = current_database() and application_name = 'tenantry lists'
       and xact_start is not null`,
    )
  ).length;

describe('a large list', () => {
  let org: OrgWithAdmin;
  beforeAll(async () => {
    org = await t.fixtures.orgWithAdmin();
    await createMembers(t, org, 20_000); // 20 MB, more than sockets and read-ahead hold
  });

  it('has the same headers as a short one, CORS included, and no body for HEAD', async () => {
    const path = '/api/v1/orgs/current/members';
    const short = await textOf(await t.fixtures.orgWithAdmin(), path);
    const large = await textOf(org, path);
    const head = await textOf(org, path, 'HEAD');

    const namesOf = ({ headers }: { headers: Headers }) =>
      [...headers.keys()].filter((name) => !['content-length', 'transfer-encoding'].includes(name));
    expect(namesOf(large)).toEqual(namesOf(short));
    expect(large.headers.get('transfer-encoding')).toBe('chunked');
    expect(head).toMatchObject({ status: 200, text: '' });
    await until(async () => (await openCursors()) === 0);
  });

  it('ends its transaction when the client disconnects', async () => {
    const token = await t.fixtures.login(org.admin.email, org.admin.password);
    const headers = { authorization: `Bearer ${token}`, 'x-organization-id': org.orgId };
    const sent = request(`${t.url}/api/v1/orgs/current/members`, { headers });
    sent.on('error', () => {}).end();
    await until(async () => (await openCursors()) === 1);

    sent.destroy();

    await until(async () => (await openCursors()) === 0, 2);
  });

  it('returns 403 without the permission to read it, and 401 without a credential', async () => {
    const stranger = await t.fixtures.orgWithAdmin();
    const path = '/api/v1/orgs/current/members';

    expect(await stranger.admin.api.as({ orgId: org.orgId }).get(path)).toMatchObject({ status: 403 });
    expect(await t.api.as({ orgId: org.orgId }).get(path)).toMatchObject({ status: 401 });
  });
});
