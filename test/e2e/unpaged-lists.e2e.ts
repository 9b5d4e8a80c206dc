import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import { exchange } from '../support/exchange.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { role } from '../support/fixtures.js';
import { openCursors } from '../support/list-cursors.js';
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

const countOfCursors = async () => (await openCursors(t)).length;

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
    await until(async () => (await countOfCursors()) === 0);
  });

  it('ends its transaction when the client disconnects', async () => {
    const token = await t.fixtures.login(org.admin.email, org.admin.password);
    const headers = { authorization: `Bearer ${token}`, 'x-organization-id': org.orgId };
    const sent = request(`${t.url}/api/v1/orgs/current/members`, { headers });
    sent.on('error', () => {}).end();
    await until(async () => (await countOfCursors()) === 1);

    sent.destroy();

    await until(async () => (await countOfCursors()) === 0, 2);
  });

  it('returns 403 without the permission to read it, and 401 without a credential', async () => {
    const stranger = await t.fixtures.orgWithAdmin();
    const path = '/api/v1/orgs/current/members';

    expect(await stranger.admin.api.as({ orgId: org.orgId }).get(path)).toMatchObject({ status: 403 });
    expect(await t.api.as({ orgId: org.orgId }).get(path)).toMatchObject({ status: 401 });
  });
});

/** `$2` more workspaces, half of them deleted, groups of three with the same creation time. */
const WORKSPACES = `
  with numbered as (
    select gen_random_uuid() as id, n, timestamptz '2024-01-01' + n / 3 * interval '1 s' as created_at
    from generate_series(1, $2::int) n),
  deleted as (
    insert into deleted_workspaces (id, org_id, display_name, created_at)
    select id, $1, format('Deleted %s', n), created_at from numbered where n % 2 = 1),
  live as (
    insert into workspaces (id, org_id, display_name, created_at)
    select id, $1, format('Workspace %s', n), created_at from numbered where n % 2 = 0)
  select`;

const JOIN_WORKSPACES = `
  insert into workspace_memberships (id, org_id, workspace_id, user_id, role_id, source, created_via)
  select gen_random_uuid(), $1, id, $2, $3, 'manual', 'unknown' from workspaces
  where org_id = $1 and not exists (
    select from workspace_memberships m where m.workspace_id = workspaces.id and m.user_id = $2)`;

describe('lists of workspaces and organizations', () => {
  let org: OrgWithAdmin;
  beforeAll(async () => {
    org = await t.fixtures.orgWithAdmin();
    await t.sql(WORKSPACES, [org.orgId, 3200]);
  });

  /** The ids and states in the order of the contract, from the tables. */
  const expectedOf = (orgIds: readonly string[]) =>
    t.sql<{ id: string; is_deleted: boolean }>(
      `select v.id, v.is_deleted from organizations o join (
         select id, org_id, created_at, false as is_deleted from workspaces
         union all select id, org_id, created_at, true from deleted_workspaces) v on v.org_id = o.id
       where o.id = any($1) order by o.created_at, o.id, is_deleted, v.created_at, v.id`,
      [orgIds],
    );

  it('returns all workspaces of an organization admin, then the deleted ones, each oldest first', async () => {
    const { text } = await textOf(org, '/api/v1/workspaces?include_deleted=true');

    const rows = JSON.parse(text) as { id: string; is_deleted: boolean }[];
    expect(text === JSON.stringify(rows)).toBe(true);
    expect(rows.map(({ id, is_deleted }) => ({ id, is_deleted }))).toEqual(await expectedOf([org.orgId]));
    expect(rows[300]).toEqual((await org.admin.api.get(`/api/v1/workspaces/${rows[300]!.id}`)).body);
    expect((await org.admin.api.get('/api/v1/workspaces')).body).toHaveLength(1601);
  });

  it('returns the own workspaces of a member with the role in each, in all their organizations', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    await t.sql(JOIN_WORKSPACES, [org.orgId, person.userId, role('WORKSPACE_USER')]);
    await t.fixtures.addMember(other, person, { workspace: 'WORKSPACE_ADMIN' });
    const api = person.api.as({ orgId: '', workspaceId: '' });

    const { body } = await api.get('/api/v1/tenants?include_deleted=true');

    const live = (await expectedOf([org.orgId, other.orgId])).filter(({ is_deleted }) => !is_deleted);
    expect(body.map(({ id }: { id: string }) => id)).toEqual(live.map(({ id }) => id));
    const roleIn = new Map(body.map((row: { id: string; role_id: string }) => [row.id, row.role_id]));
    expect(roleIn.get(org.workspaceId)).toBe(role('WORKSPACE_VIEWER'));
    expect(roleIn.get(other.workspaceId)).toBe(role('WORKSPACE_ADMIN'));
    expect([...roleIn.values()].filter((id) => id === role('WORKSPACE_USER'))).toHaveLength(1600);
  });

  it('returns all organizations of a user, oldest first', async () => {
    const person = await t.fixtures.member(org, {});
    await t.sql(
      `with made as (
         insert into organizations (id, display_name, created_at)
         select gen_random_uuid(), format('Organization %s', n), timestamptz '2024-01-01' + n / 3 * interval '1 s'
         from generate_series(1, 1600) n returning id)
       insert into org_memberships (id, org_id, user_id, role_id, source, created_via)
       select gen_random_uuid(), id, $1, $2, 'manual', 'unknown' from made`,
      [person.userId, role('ORGANIZATION_USER')],
    );

    const { text } = await textOf({ ...org, admin: person }, '/api/v1/orgs');

    const rows = JSON.parse(text) as { id: string }[];
    expect(text === JSON.stringify(rows)).toBe(true);
    expect(rows.map(({ id }) => ({ id }))).toEqual(
      await t.sql(
        `select id from organizations where id in (select org_id from org_memberships where user_id = $1)
         order by created_at, id`,
        [person.userId],
      ),
    );
  });
});
