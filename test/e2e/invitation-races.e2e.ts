import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import {
  anotherWorkspace,
  inviteBatch,
  customRole,
  invitation,
  invitationsOf,
  letWorkspaceAdminsInvite,
  ORG_BATCH,
  ORG_MEMBERS,
  orgRoleIn,
  WORKSPACE_BATCH,
  workspaceRolesIn,
} from '../support/invitations.js';
import { pg } from '../support/postgres-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { waitForBlockedQuery } from '../support/waiting-for-locks.js';

/** Every request of a race gets a response; the client throws on 5xx, so a deadlock would fail the test. */
let t: TestApp;
let replica: TestApp;
beforeAll(async () => {
  t = await startTestApp();
  replica = await startTestApp({}, t.databaseUrl);
});
afterAll(async () => {
  await replica.close();
  await t.close();
});

const AT_ONCE = 20;
const EDITOR = role('WORKSPACE_USER');

/** Alternates between two servers in pairs of requests, so that only the database can serialise them. */
const spread = ({ api }: Pick<Person, 'api'>, index: number): Api =>
  Math.floor(index / 2) % 2 === 0 ? api : api.at(replica.url);

const all = <T>(run: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, index) => run(index)));

/** How many replies have which status. */
const countOf = (replies: { status: number }[]) =>
  Object.fromEntries(
    replies.map(({ status }) => [status, replies.filter((reply) => reply.status === status).length]),
  );

/** The seat counters equal the numbers of rows. */
async function expectHeadcountsToAgree({ orgId }: OrgWithAdmin): Promise<void> {
  const [row] = await t.sql<Record<string, number>>(
    `select members, pending,
       (select count(*)::int from org_memberships where org_id = $1) as real_members,
       (select count(*)::int from invitations where org_id = $1 and status = 'pending') as real_pending
     from headcounts where org_id = $1`,
    [orgId],
  );
  expect([row!.members, row!.pending]).toEqual([row!.real_members, row!.real_pending]);
}

/** A transaction without the roster lock revokes the invitation and commits once `work` waits for its row lock. */
async function revokedDuring<T>(invitationId: string, work: () => Promise<T>): Promise<T> {
  const other = new pg.Client(t.databaseUrl);
  await other.connect();
  await other.query('begin');
  await other.query(`update invitations set status = 'revoked', ended_at = now() where id = $1`, [
    invitationId,
  ]);
  const working = work();
  await waitForBlockedQuery(t);
  await other.query('commit');
  await other.end();
  return working;
}

describe('concurrent requests for one address', () => {
  it('creates one invitation when an address is invited many times at once, and 409 for the others', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const email = t.fixtures.email();

    const replies = await all((index) => spread(org.admin, index).post(ORG_MEMBERS, { email }));

    expect(countOf(replies)).toEqual({ 200: 1, 409: AT_ONCE - 1 });
    expect(await invitationsOf(t, org)).toMatchObject([{ email, status: 'pending' }]);
    await expectHeadcountsToAgree(org);
  });

  it('creates one invitation with both workspaces when they and the organization invite at once', async () => {
    const org = await t.fixtures.orgWithAdmin();
    await letWorkspaceAdminsInvite(org);
    const second = { ...org, workspaceId: await anotherWorkspace(org) };
    const leads = [
      await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' }),
      await t.fixtures.member(second, { workspace: 'WORKSPACE_ADMIN' }),
    ];
    const email = t.fixtures.email();
    const roles = [EDITOR, role('WORKSPACE_VIEWER')];

    const replies = await all((index) =>
      index % 3 === 2
        ? spread(org.admin, index).post(ORG_BATCH, [{ email }])
        : spread(leads[index % 3]!, index).post(WORKSPACE_BATCH, [
            { email, workspace_role_id: roles[index % 3] },
          ]),
    );

    expect(countOf(replies)).toEqual({ 200: AT_ONCE });
    expect(new Set(replies.map(({ body }) => body[0].id)).size).toBe(1);
    expect(await invitationsOf(t, org)).toMatchObject([
      { email, grants: { [org.workspaceId]: EDITOR, [second.workspaceId]: role('WORKSPACE_VIEWER') } },
    ]);
  });

  it('creates one account without deadlock when two organizations invite an address and a third adds it', async () => {
    const orgs = [
      await t.fixtures.orgWithAdmin(),
      await t.fixtures.orgWithAdmin(),
      await t.fixtures.orgWithAdmin(),
    ] as const;
    const people = Array.from({ length: 5 }, () => ({
      email: t.fixtures.email(),
      password: 'Correct-Horse-Battery',
    }));

    const replies = await Promise.all([
      orgs[0].admin.api.post(ORG_BATCH, people),
      orgs[1].admin.api.post(ORG_BATCH, people.toReversed()),
      orgs[2].admin.api.post(`${ORG_MEMBERS}/basic/batch`, people),
    ]);

    const [one, two, added] = replies.map(({ status }) => status);
    expect([one, two]).toEqual([200, 200]);
    expect([200, 403, 409]).toContain(added);
    const accounts = await t.sql('select from users where email = any($1)', [
      people.map(({ email }) => email),
    ]);
    expect(accounts).toHaveLength(people.length);
    for (const { email, password } of people) await t.fixtures.login(email, password);
  });
});

describe('concurrent requests for one invitation', () => {
  it('creates one membership when an invitation is claimed many times at once', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const stranger = await t.fixtures.userWithoutOrg();
    const id = await invitation(org, {
      ...{ email: stranger.email, workspace_ids: [org.workspaceId], workspace_role_id: EDITOR },
    });

    const replies = await all((index) =>
      index % 2 === 0
        ? spread(stranger, index).post(`/api/v1/orgs/pending/${org.orgId}/claim`)
        : spread(stranger, index).post(`/api/v1/workspaces/pending/${org.workspaceId}/claim`),
    );

    expect(countOf(replies)).toEqual({ 200: 1, 404: AT_ONCE - 1 });
    expect(await invitationsOf(t, org)).toMatchObject([{ id, status: 'accepted' }]);
    expect(await workspaceRolesIn(t, org.orgId, stranger.email)).toEqual({ [org.workspaceId]: EDITOR });
    await expectHeadcountsToAgree(org);
  });

  it('ends an invitation in one way when it is claimed, declined, resent and revoked at once', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const stranger = await t.fixtures.userWithoutOrg();
    const id = await invitation(org, { email: stranger.email, workspace_ids: [org.workspaceId] });
    const ends = [
      (index: number) => spread(stranger, index).post(`/api/v1/orgs/pending/${org.orgId}/claim`),
      (index: number) => spread(org.admin, index).delete(`${ORG_MEMBERS}/${id}/pending`),
      (index: number) => spread(stranger, index).delete(`/api/v1/orgs/pending/${org.orgId}`),
    ];
    const resend = () => org.admin.api.post(`${ORG_MEMBERS}/${id}/pending/resend`);

    const [replies] = await Promise.all([
      all((index) => ends[index % ends.length]!(index)),
      Promise.all([resend(), resend(), resend()]),
    ]);

    expect(countOf(replies)).toEqual({ 200: 1, 404: AT_ONCE - 1 });
    const status = (await invitationsOf(t, org))[0]!.status;
    const won = replies.findIndex((reply) => reply.status === 200) % ends.length;
    expect(status).toBe(['accepted', 'revoked', 'declined'][won]);
    const members = await t.sql('select from org_memberships where org_id = $1 and user_id = $2', [
      org.orgId,
      stranger.userId,
    ]);
    expect(members).toHaveLength(status === 'accepted' ? 1 : 0);
    await expectHeadcountsToAgree(org);
  });

  it('gives no access when an invitation is revoked during its claim without the roster lock', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const { email, api } = await t.fixtures.userWithoutOrg();
    const id = await invitation(org, { email, workspace_ids: [org.workspaceId] });

    const { status } = await revokedDuring(id, () => api.post(`/api/v1/orgs/pending/${org.orgId}/claim`));

    expect(status).toBe(404);
    expect(await orgRoleIn(t, org.orgId, email)).toBeNull();
    expect(await invitationsOf(t, org)).toMatchObject([{ id, status: 'revoked' }]);
  });

  it('gives no access by an invitation revoked while its user is added, and adds the other rows', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const [gone, stays] = [t.fixtures.email('gone'), t.fixtures.email('stays')];
    const offer = { role_id: role('ORGANIZATION_VIEWER'), workspace_ids: [org.workspaceId] };
    const id = await invitation(org, { email: gone, ...offer });
    await invitation(org, { email: stays, ...offer });

    const rows = [{ email: gone }, { email: stays }];
    const { status } = await revokedDuring(id, () => org.admin.api.post(`${ORG_MEMBERS}/basic/batch`, rows));

    expect(status).toBe(200);
    expect(await orgRoleIn(t, org.orgId, gone)).toBe(role('ORGANIZATION_USER'));
    expect(await workspaceRolesIn(t, org.orgId, gone)).toEqual({});
    expect(await orgRoleIn(t, org.orgId, stays)).toBe(role('ORGANIZATION_VIEWER'));
    expect(await workspaceRolesIn(t, org.orgId, stays)).toEqual({
      [org.workspaceId]: role('WORKSPACE_VIEWER'),
    });
    const [revoked, accepted] = await invitationsOf(t, org);
    expect(revoked).toMatchObject({ status: 'revoked', grants: { [org.workspaceId]: expect.anything() } });
    expect(accepted).toMatchObject({ status: 'accepted', grants: {} });
  });

  it('gives a membership without the workspace that is deleted during the claim', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const workspaceId = await anotherWorkspace(org);
    const strangers = [
      await t.fixtures.userWithoutOrg(),
      await t.fixtures.userWithoutOrg(),
      await t.fixtures.userWithoutOrg(),
    ];
    for (const { email } of strangers) await invitation(org, { email, workspace_ids: [workspaceId] });

    const [deleted, ...claims] = await Promise.all([
      org.admin.api.delete(`/api/v1/workspaces/${workspaceId}`),
      ...strangers.map(({ api }) => api.post(`/api/v1/orgs/pending/${org.orgId}/claim`)),
    ]);

    expect([deleted.status, ...claims.map(({ status }) => status)]).toEqual([200, 200, 200, 200]);
    for (const { email } of strangers) expect(await workspaceRolesIn(t, org.orgId, email)).toEqual({});
  });

  it('creates an invitation completely or not at all when its role is deleted at once', async () => {
    const org = await t.fixtures.orgWithAdmin();
    for (let round = 0; round < 5; round += 1) {
      const roleId = await customRole(org, ['workspaces:read']);
      const row = () => ({ email: t.fixtures.email(), workspace_role_id: roleId });

      const [removed, ...invites] = await Promise.all([
        org.admin.api.delete(`/api/v1/orgs/current/roles/${roleId}`),
        ...Array.from({ length: 4 }, () => inviteBatch(org.admin, [row()])),
      ]);

      expect([200, 409]).toContain(removed.status);
      const expected = removed.status === 200 ? [404, 409] : [200];
      for (const { status } of invites) expect(expected).toContain(status);
    }
  });
});

describe('concurrent requests for one member', () => {
  it('adds a member to a workspace once when many requests do so at once', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const colleague = await t.fixtures.member(org, {});

    const replies = await all((index) =>
      index % 2 === 0
        ? spread(org.admin, index).post(WORKSPACE_BATCH, [
            { email: colleague.email, workspace_role_id: EDITOR },
          ])
        : spread(org.admin, index).post('/api/v1/workspaces/current/members', {
            ...{ org_identity_id: colleague.membershipId, role_id: EDITOR },
          }),
    );

    const batches = replies.filter((_, index) => index % 2 === 0);
    const singles = replies.filter((_, index) => index % 2 === 1);
    expect(countOf(batches)).toEqual({ 200: batches.length });
    expect(singles.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect(singles.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect(new Set(batches.map(({ body }) => body[0].id)).size).toBe(1);
    expect(await workspaceRolesIn(t, org.orgId, colleague.email)).toEqual({ [org.workspaceId]: EDITOR });
  });

  it('creates one account and returns its password once when many requests add an address', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const email = t.fixtures.email();

    const replies = await all((index) =>
      spread(org.admin, index).post(`${ORG_MEMBERS}/basic/batch`, [{ email }]),
    );

    expect(countOf(replies)).toEqual({ 200: AT_ONCE });
    const passwords = replies.map(({ body }) => body[0].password).filter((password) => password !== null);
    expect(passwords).toHaveLength(1);
    await t.fixtures.login(email, passwords[0]);
    await expectHeadcountsToAgree(org);
  });
});

describe('the last seats of an organization', () => {
  it.each<[string, (api: Api) => Promise<{ status: number }>]>([
    ['single invitations', (api) => api.post(ORG_MEMBERS, { email: t.fixtures.email() })],
    ['batches of a workspace', (api) => api.post(WORKSPACE_BATCH, [{ email: t.fixtures.email() }])],
    [
      'members with accounts',
      (api) => api.post(`${ORG_MEMBERS}/basic/batch`, [{ email: t.fixtures.email() }]),
    ],
  ])('does not exceed the seats when many %s arrive at once', async (_, invite) => {
    const org = await t.fixtures.orgWithAdmin();
    const left = 3;
    await t.sql('update organizations set max_identities = $2 where id = $1', [org.orgId, 1 + left]);

    const replies = await all((index) => invite(spread(org.admin, index)));

    expect(countOf(replies)).toEqual({ 200: left, 403: AT_ONCE - left });
    await expectHeadcountsToAgree(org);
    const [{ taken }] = (await t.sql<{ taken: number }>(
      'select members + pending as taken from headcounts where org_id = $1',
      [org.orgId],
    )) as [{ taken: number }];
    expect(taken).toBe(1 + left);
  });
});
