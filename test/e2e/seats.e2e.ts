import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrgWithAdmin } from '../support/fixtures.js';
import {
  inviteBatch,
  invitation,
  invitationsOf,
  letExpire,
  letWorkspaceAdminsInvite,
  ORG_BATCH,
  ORG_MEMBERS,
  WORKSPACE_BATCH,
} from '../support/invitations.js';
import { scimOf, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

/** An organization with this many seats, one of which its admin takes. */
async function orgWithSeats(seats: number): Promise<OrgWithAdmin> {
  const org = await t.fixtures.orgWithAdmin();
  await t.sql('update organizations set max_identities = $2 where id = $1', [org.orgId, seats]);
  return org;
}

/** All pending invitations, and how many take a seat, as stored. */
const countedSeats = async ({ orgId }: OrgWithAdmin) =>
  (
    await t.sql<{ pending: number; seats: number }>(
      'select pending, pending_seats as seats from headcounts where org_id = $1',
      [orgId],
    )
  )[0]!;

const postScimUser = async (org: OrgWithAdmin, userName: string) =>
  (await scimOf(org.admin.api)).post('/Users', userOf(userName));

const people = (count: number) => Array.from({ length: count }, () => ({ email: t.fixtures.email() }));

describe('the seats of an organization', () => {
  it('seats are taken by members and pending invitations alike; one more is refused and names who can help', async () => {
    const org = await orgWithSeats(3);
    await t.fixtures.member(org, {});
    await invitation(org, { email: t.fixtures.email() });

    const { status, body } = await org.admin.api.post(ORG_MEMBERS, { email: t.fixtures.email() });

    expect(status).toBe(403);
    expect(body.detail).toMatchObject([
      { loc: ['body', 'email'], msg: expect.stringContaining('max_identities') },
    ]);
    expect(await invitationsOf(t, org)).toHaveLength(1);
  });

  it('seats are counted for a batch as a whole, which is refused by every route', async () => {
    const org = await orgWithSeats(4);
    await letWorkspaceAdminsInvite(org);
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    expect((await org.admin.api.post(ORG_BATCH, people(3))).status).toBe(403);
    expect((await org.admin.api.post(`${ORG_MEMBERS}/basic/batch`, people(3))).status).toBe(403);
    expect((await inviteBatch(lead, people(3))).status).toBe(403);
    expect(await invitationsOf(t, org)).toEqual([]);
    expect((await inviteBatch(lead, people(2))).status).toBe(200);
  });

  it('seats go to the rows of a batch in their order, and only the rows without a seat are named', async () => {
    const org = await orgWithSeats(4);
    const pending = t.fixtures.email();
    await invitation(org, { email: pending });
    const [one, two, three, four] = people(4);
    const rows = [one, { email: pending }, two, three, one, four, three];

    for (const path of [ORG_BATCH, `${ORG_MEMBERS}/basic/batch`, WORKSPACE_BATCH]) {
      const { status, body } = await org.admin.api.post(path, rows);

      expect([status, body.detail.map(({ loc }: { loc: unknown[] }) => loc)]).toEqual([
        403,
        [3, 5, 6].map((row) => ['body', row, 'email']),
      ]);
    }
  });

  it('seats are not needed for members and pending users who are added to workspaces', async () => {
    const org = await orgWithSeats(3);
    const colleague = await t.fixtures.member(org, {});
    const pending = t.fixtures.email();
    await invitation(org, { email: pending });

    const reply = await inviteBatch(org.admin, [{ email: colleague.email }, { email: pending }]);

    expect(reply.status).toBe(200);
  });

  it('seats over the limit refuse only new members', async () => {
    const org = await orgWithSeats(3);
    const colleague = await t.fixtures.member(org, {});
    await t.fixtures.member(org, {});
    await t.sql('update organizations set max_identities = 2 where id = $1', [org.orgId]);

    const added = await inviteBatch(org.admin, [{ email: colleague.email }]);
    const joined = await org.admin.api.post(`${ORG_MEMBERS}/basic/batch`, [{ email: colleague.email }]);
    const fresh = await inviteBatch(org.admin, [{ email: colleague.email }, { email: t.fixtures.email() }]);

    expect([added.status, joined.status, fresh.status]).toEqual([200, 200, 403]);
  });

  it('seats pass from the invitation to the member who claims it', async () => {
    const org = await orgWithSeats(2);
    const stranger = await t.fixtures.userWithoutOrg();
    await invitation(org, { email: stranger.email });

    expect((await stranger.api.post(`/api/v1/orgs/pending/${org.orgId}/claim`)).status).toBe(200);
    expect((await org.admin.api.post(ORG_MEMBERS, { email: t.fixtures.email() })).status).toBe(403);
  });

  it('seats pass from an invitation to the user who is added in its place', async () => {
    const org = await orgWithSeats(2);
    const email = t.fixtures.email();
    await invitation(org, { email });

    expect((await org.admin.api.post(`${ORG_MEMBERS}/basic/batch`, [{ email }])).status).toBe(200);
  });

  it('seats are not taken by expired invitations, whether or not they were counted out', async () => {
    const org = await orgWithSeats(3);
    const first = await invitation(org, { email: t.fixtures.email() });
    const second = await invitation(org, { email: t.fixtures.email() });
    const invite = async () => (await org.admin.api.post(ORG_MEMBERS, { email: t.fixtures.email() })).status;

    expect(await invite()).toBe(403);
    await letExpire(t, first);
    expect([await invite(), await invite()]).toEqual([200, 403]);
    await letExpire(t, second);
    expect([await invite(), await invite()]).toEqual([200, 403]);
    expect(await countedSeats(org)).toEqual({ pending: 4, seats: 2 });
  });

  it('seats are taken again when an expired invitation is resent, which needs a free one', async () => {
    const org = await orgWithSeats(2);
    const expired = await invitation(org, { email: t.fixtures.email() });
    await letExpire(t, expired);
    const other = await invitation(org, { email: t.fixtures.email() });
    const resend = () => org.admin.api.post(`${ORG_MEMBERS}/${expired}/pending/resend`);

    const refused = await resend();
    const [stored] = await t.sql<{ expired: boolean }>(
      'select expires_at < now() as expired from invitations where id = $1',
      [expired],
    );
    await org.admin.api.delete(`${ORG_MEMBERS}/${other}/pending`);
    const accepted = await resend();

    expect(refused).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('max_identities') },
    });
    expect(stored).toEqual({ expired: true });
    expect(accepted.status).toBeLessThan(300);
    expect(await countedSeats(org)).toEqual({ pending: 1, seats: 1 });
    expect((await org.admin.api.post(ORG_MEMBERS, { email: t.fixtures.email() })).status).toBe(403);
  });

  it('seats are needed to invite or add a user whose invitation has expired', async () => {
    const org = await orgWithSeats(2);
    const email = t.fixtures.email();
    await letExpire(t, await invitation(org, { email }));
    const other = await invitation(org, { email: t.fixtures.email() });
    const again = async () => [
      (await inviteBatch(org.admin, [{ email }])).status,
      (await org.admin.api.post(`${ORG_MEMBERS}/basic/batch`, [{ email }])).status,
      (await postScimUser(org, email)).status,
    ];

    expect(await again()).toEqual([403, 403, 403]);
    await org.admin.api.delete(`${ORG_MEMBERS}/${other}/pending`);
    expect((await postScimUser(org, email)).status).toBe(201);
  });

  it('seats are resent to one of 20 expired invitations at once when one seat is free', async () => {
    const org = await orgWithSeats(-1);
    const { body } = await org.admin.api.post(ORG_BATCH, people(20));
    const ids = body.map(({ id }: { id: string }) => id) as string[];
    for (const id of ids) await letExpire(t, id);
    await t.sql('update organizations set max_identities = 2 where id = $1', [org.orgId]);

    const replies = await Promise.all(
      ids.map((id) => org.admin.api.post(`${ORG_MEMBERS}/${id}/pending/resend`)),
    );

    expect(replies.filter(({ status }) => status < 300)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 403)).toHaveLength(19);
    expect(await countedSeats(org)).toEqual({ pending: 20, seats: 1 });
  });

  it.each<[string, (org: OrgWithAdmin, email: string) => Promise<unknown>]>([
    [
      'a member is removed',
      async (org) => {
        const member = await t.fixtures.member(org, {});
        return org.admin.api.delete(`${ORG_MEMBERS}/${member.membershipId}`);
      },
    ],
    [
      'an invitation is declined',
      async (org) => {
        const stranger = await t.fixtures.userWithoutOrg();
        await invitation(org, { email: stranger.email });
        return stranger.api.delete(`/api/v1/orgs/pending/${org.orgId}`);
      },
    ],
    [
      'the only workspace of an invitation is deleted',
      async (org) => {
        await inviteBatch(org.admin, people(1));
        return org.admin.api.delete(`/api/v1/workspaces/${org.workspaceId}`);
      },
    ],
  ])('seats become free when %s', async (_, free) => {
    const org = await orgWithSeats(2);

    await free(org, t.fixtures.email());

    const api = org.admin.api.as({ workspaceId: undefined });
    expect((await api.post(ORG_MEMBERS, { email: t.fixtures.email() })).status).toBe(200);
  });

  it('seats are limited to DEFAULT_ORG_MAX_IDENTITIES in every new organization', async () => {
    const small = await startTestApp({ DEFAULT_ORG_MAX_IDENTITIES: '2' });
    const { admin } = await small.fixtures.defaultOrg();
    const invite = async () => (await admin.api.post(ORG_MEMBERS, { email: small.fixtures.email() })).status;

    expect([await invite(), await invite()]).toEqual([200, 403]);
    const { body } = await admin.api.get('/api/v1/orgs/current');
    expect(body.config.max_identities).toBe(2);
    await small.close();
  });
});
