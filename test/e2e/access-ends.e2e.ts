import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { onOwnConnection, until } from '../support/audit-log.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { scimOf, userOf } from '../support/scim.js';
import { waitForBlockedQuery } from '../support/waiting-for-locks.js';
import { groupWith, permissionsOf, VIEWER, WORKSPACE_ADMIN } from '../support/user-groups.js';

const ORG_MEMBERS = '/api/v1/orgs/current/members';
const IN_WORKSPACE = '/api/v1/workspaces/current/members';
const ADMIN = role('ORGANIZATION_ADMIN');
const USER = role('ORGANIZATION_USER');

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
});

const viewer = () => t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });

/** `in`: an interval, or 'past'. Sets the end of what the member has, as PATCH does where the time allows it. */
const endOf = (
  table: string,
  { userId }: Pick<Member, 'userId'>,
  end: string,
  revertsTo: string | null = null,
) =>
  t.sql(
    `update ${table} set access_expires_at = clock_timestamp() + $2::interval
      ${revertsTo ? `, reverts_to_role_id = '${revertsTo}'` : ''} where user_id = $1`,
    [userId, end],
  );
const PAST = '-1 second';
const SOON = '3 seconds'; // requests before the end have to be answered by then
const SOON_MS = 3_050;

const inOrg = (api: Api) => api.as({ workspaceId: undefined });

const seesOrg = async ({ api }: Member) => (await inOrg(api).get('/api/v1/orgs/current')).status;
const readsWorkspace = async ({ api }: Member) => (await api.get(IN_WORKSPACE)).status;
const totalOf = async (path: string) => {
  const { headers, body } = await org.admin.api.get(`${path}/active?limit=1`);
  return { total: Number(headers.get('x-pagination-total')), rows: body.length };
};

describe('a membership that has ended', () => {
  it('gives nothing in the organization and its workspaces from the moment of its end on', async () => {
    const member = await viewer();
    expect([await seesOrg(member), await readsWorkspace(member)]).toEqual([200, 200]);

    await endOf('org_memberships', member, PAST);

    expect([await seesOrg(member), await readsWorkspace(member)]).toEqual([403, 403]);
  });

  it('is removed at once by DELETE, with the entry of the end, and cannot be changed', async () => {
    for (const table of ['org_memberships', 'workspace_memberships']) {
      const member = await viewer();
      await endOf(table, member, PAST);
      const [{ id }] = (await t.sql<{ id: string }>(`select id from ${table} where user_id = $1`, [
        member.userId,
      ])) as [{ id: string }];
      const isOrg = table === 'org_memberships';
      const api = isOrg ? inOrg(org.admin.api) : org.admin.api;
      const path = `${isOrg ? ORG_MEMBERS : IN_WORKSPACE}/${id}`;
      const role_id = isOrg ? USER : VIEWER;

      expect((await api.patch(path, { role_id, access_expires_at: null })).status).toBe(404);
      expect((await api.delete(path)).status).toBeLessThan(300);

      expect(await t.sql(`select from ${table} where id = $1`, [id])).toEqual([]);
      const entries = await t.sql<{ operation: string }>(
        'select operation from audit_entries where $1 = any(resource_ids) order by operation desc',
        [id],
      );
      expect(entries.map(({ operation }) => operation)).toEqual([
        'expire_access',
        isOrg ? 'delete_org_member' : 'delete_workspace_member',
      ]);
      expect((await api.delete(path)).status).toBe(404);

      const { items } = (await inOrg(org.admin.api).get(`/api/v1/orgs/current/events?limit=1000`)).body;
      const about = items.filter(({ subject }: { subject: { id: string } }) => subject.id === member.userId);
      expect(about.map(({ type }: { type: string }) => type)).toEqual([
        isOrg ? 'membership.deleted' : 'workspace_membership.deleted',
      ]);
    }
  });

  it('makes an inactive user of SCIM until it is removed', async () => {
    const member = await viewer();
    const scim = await scimOf(org.admin.api);
    const { body } = await scim.post('/Users', userOf(member.email));
    await t.sql(`update org_memberships set source = 'manual' where user_id = $1`, [member.userId]);
    const found = async (active: boolean) =>
      (await scim.get(`/Users?filter=active eq ${active}`)).body.totalResults;
    const headers = { 'if-none-match': body.meta.version };
    const activeOf = async () => (await scim.get(`/Users/${body.id}`)).body.active;
    const knownOf = async () => (await scim.get(`/Users/${body.id}`, { headers })).status;
    expect([await activeOf(), await found(true), await found(false)]).toEqual([true, 1, 0]);
    expect(await knownOf()).toBe(304);

    await endOf('org_memberships', member, PAST);

    expect([await activeOf(), await found(true), await found(false)]).toEqual([false, 0, 1]);
    expect(await knownOf()).toBe(200);
    const change = { op: 'replace', path: 'active', value: true };
    expect((await scim.patch(`/Users/${body.id}`, [change])).body.active).toBe(false);
    const changes = `select from audit_entries where operation = 'update_scim_user' and $1 = any(resource_ids)`;
    expect(await t.sql(changes, [body.id])).toEqual([]);

    expect((await scim.delete(`/Users/${body.id}`)).status).toBe(204);
    const remembered = 'select from ended_memberships where user_id = $1'; // does not come back by signing in
    expect(await t.sql(remembered, [member.userId])).toHaveLength(1);
    const { items } = (await inOrg(org.admin.api).get(`/api/v1/orgs/current/events?limit=1000`)).body;
    const deletions = items.filter(({ type }: { type: string }) => type === 'membership.deleted');
    expect(deletions).toHaveLength(1);
  });

  it('ends for a caller who is recognized already, without another change', async () => {
    const member = await viewer();
    await endOf('org_memberships', member, SOON);
    expect(await seesOrg(member)).toBe(200);
    expect(await seesOrg(member)).toBe(200);

    await new Promise((resolve) => setTimeout(resolve, SOON_MS));

    expect(await seesOrg(member)).toBe(403);
  });

  it('ends a personal access token, which does not revive', async () => {
    const member = await viewer();
    const { key } = (await member.api.post('/api/v1/api-key/current', { description: 'x' })).body;
    const api = t.api.as({ key });
    expect((await api.get('/api/v1/orgs/current')).status).toBe(200);

    await endOf('org_memberships', member, PAST);

    expect((await api.get('/api/v1/orgs/current')).status).toBe(401);
  });

  it('ends in one workspace without an effect elsewhere', async () => {
    const member = await viewer();
    await endOf('workspace_memberships', member, PAST);

    expect([await seesOrg(member), await readsWorkspace(member)]).toEqual([200, 403]);
    expect((await inOrg(member.api).get('/api/v1/workspaces')).body).toEqual([]);
  });

  it('is missing in lists and their totals', async () => {
    const [member, other] = [await viewer(), await viewer()];
    await endOf('workspace_memberships', member, PAST);
    await endOf('org_memberships', other, PAST);

    const listed = (await org.admin.api.get(`${IN_WORKSPACE}/active`)).body;
    expect(listed.map((row: any) => row.user_id)).toEqual([org.admin.userId]);
    expect(await totalOf(IN_WORKSPACE)).toEqual({ total: 1, rows: 1 });
    expect(await totalOf(ORG_MEMBERS)).toEqual({ total: 2, rows: 1 });
    const found = await org.admin.api.get(`${ORG_MEMBERS}/active?emails=${other.email}`);
    expect(found.body).toEqual([]);
  });

  it('takes no seat from its end on', async () => {
    const member = await viewer();
    await t.sql('update organizations set max_identities = 2 where id = $1', [org.orgId]);
    const invite = () => org.admin.api.post(ORG_MEMBERS, { email: t.fixtures.email() });
    expect((await invite()).status).toBe(403);

    await endOf('org_memberships', member, PAST);

    expect((await invite()).status).toBe(200);
  });
});

describe('a temporary role', () => {
  it('becomes the other one at its end, for callers who are recognized already and in lists', async () => {
    const member = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    await endOf('org_memberships', member, SOON, USER);
    const manages = async () =>
      (await inOrg(member.api).get('/api/v1/orgs/current/info')).body.permissions.includes(
        'organization:manage',
      );
    expect([await manages(), await manages()]).toEqual([true, true]);

    await new Promise((resolve) => setTimeout(resolve, SOON_MS));

    expect(await manages()).toBe(false);
    const withRole = async (id: string) =>
      (await org.admin.api.get(`${ORG_MEMBERS}/active?role_ids=${id}`)).body.map((row: any) => row.user_id);
    expect(await withRole(USER)).toEqual([member.userId]);
    expect(await withRole(ADMIN)).toEqual([org.admin.userId]);
    const [row] = (await org.admin.api.get(`${ORG_MEMBERS}/active?emails=${member.email}`)).body;
    expect(row).toMatchObject({ role_id: USER });
  });

  it('makes no change that has waited for the lock until after its end', async () => {
    const temporary = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const member = await viewer();
    const change = () => inOrg(temporary.api).delete(`${ORG_MEMBERS}/${member.membershipId}`);

    const { status, headers } = await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
      await endOf('org_memberships', temporary, SOON);
      const waiting = change();
      await waitForBlockedQuery(t);
      await new Promise((resolve) => setTimeout(resolve, SOON_MS));
      await client.query('commit');
      return waiting;
    });

    expect([status, headers.get('x-error-code')]).toEqual([409, 'rights_changed']);
    expect(await seesOrg(member)).toBe(200);
  });

  it('does not count as the permanent admin that an organization needs', async () => {
    const temporary = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    await endOf('org_memberships', temporary, '1 day');
    const path = `${ORG_MEMBERS}/${org.admin.membershipId}`;

    for (const { status, headers } of [
      await org.admin.api.patch(path, { role_id: USER }),
      await org.admin.api.delete(path),
      await temporary.api.delete(path),
    ])
      expect([status, headers.get('x-error-code')]).toEqual([409, 'last_admin_required']);
  });
});

describe('what a user group gives', () => {
  it.each([
    ['the membership in the group', 'user_group_members', 'user_id', 'userId'],
    ['the grant of the group', 'user_groups', 'parent_user_group_id', 'groupId'],
  ] as const)('ends at the same moment as %s', async (_, table, column, by) => {
    const member = await viewer();
    const groupId = await groupWith(org, WORKSPACE_ADMIN, member);
    const manages = async () =>
      (await permissionsOf(member, org.workspaceId)).includes('workspaces:manage-members');
    const invites = async () =>
      (await member.api.post(IN_WORKSPACE, { user_id: org.admin.userId, role_id: VIEWER })).status;
    await t.sql(
      `update ${table} set access_expires_at = clock_timestamp() + interval '${SOON}' where ${column} = $1`,
      [{ userId: member.userId, groupId }[by]],
    );
    expect([await manages(), await invites()]).toEqual([true, 409]);

    await new Promise((resolve) => setTimeout(resolve, SOON_MS));

    expect([await manages(), await invites()]).toEqual([false, 403]);
  });
});

describe('the job that tidies', () => {
  let server: TestApp;
  beforeAll(async () => {
    server = await startTestApp({ TEST_REMOVAL_EVERY_MS: '200' }, t.databaseUrl);
  });
  afterAll(() => server.close());

  const untidied = async (userId: string) =>
    (
      await t.sql(
        `select from org_memberships where user_id = $1 and access_expires_at <= now()
          union all select from workspace_memberships where user_id = $1 and access_expires_at <= now()`,
        [userId],
      )
    ).length;
  const tidied = ({ userId }: Member) => until(async () => (await untidied(userId)) === 0);
  const entryAbout = async (userId: string) =>
    (
      await t.sql<{ details: any }>(
        `select details from audit_entries
          where org_id = $1 and operation = 'expire_access' and details->>'resource_owner_ls_user_id' = $2`,
        [org.orgId, userId],
      )
    ).map(({ details }) => details);

  it('removes a membership, ends its sessions, and remembers it', async () => {
    const member = await viewer();
    await endOf('org_memberships', member, PAST);

    await tidied(member);

    const [kept] = await t.sql('select role_id, ended_at from ended_memberships where user_id = $1', [
      member.userId,
    ]);
    expect(kept).toMatchObject({ role_id: USER });
    expect((await member.api.get('/api/v1/orgs')).status).toBe(401);
    expect(await entryAbout(member.userId)).toMatchObject([
      { org_members_removed: { [member.userId]: USER }, ended_at: expect.any(String) },
    ]);
    expect(await totalOf(ORG_MEMBERS)).toEqual({ total: 1, rows: 1 });
  });

  it('gives the other role for good, and removes from one workspace only', async () => {
    const [temporary, member] = [await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' }), await viewer()];
    await endOf('org_memberships', temporary, PAST, USER);
    await endOf('workspace_memberships', member, PAST);

    await Promise.all([temporary, member].map(tidied));

    const [row] = await t.sql(
      'select role_id, access_expires_at, reverts_to_role_id from org_memberships where id = $1',
      [temporary.membershipId],
    );
    expect(row).toEqual({ role_id: USER, access_expires_at: null, reverts_to_role_id: null });
    expect(await entryAbout(temporary.userId)).toMatchObject([
      { org_roles_changed: { [temporary.userId]: { from: ADMIN, to: USER } } },
    ]);
    expect(await entryAbout(member.userId)).toMatchObject([
      { workspace_members_removed: { [org.workspaceId]: { [member.userId]: VIEWER } } },
    ]);
    expect(await seesOrg(member)).toBe(200);
  });
});

describe('somebody whose access has ended and is not tidied yet', () => {
  it('is added to a workspace again, and is no admin again by the former row', async () => {
    const [member, temporary] = [await viewer(), await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' })];
    await endOf('workspace_memberships', member, PAST);
    await endOf('org_memberships', temporary, PAST, USER);

    const added = await org.admin.api.post(IN_WORKSPACE, { user_id: member.userId, role_id: VIEWER });
    const raised = await org.admin.api.patch(`${ORG_MEMBERS}/${temporary.membershipId}`, { role_id: ADMIN });

    expect([added.status, raised.status]).toEqual([200, 200]);
    expect(await readsWorkspace(member)).toBe(200);
    expect(raised.body).toMatchObject({ role_id: ADMIN, access_expires_at: null, reverts_to_role_id: null });
  });
});
