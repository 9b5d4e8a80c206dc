import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Member, type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import {
  anotherWorkspace,
  customRole,
  inviteBatch,
  letWorkspaceAdminsInvite,
  ORG_BATCH,
  ORG_MEMBERS,
  WORKSPACE_BATCH,
} from '../support/invitations.js';
import { scimOf, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const EDITOR = role('WORKSPACE_USER');
const BASIC_BATCH = `${ORG_MEMBERS}/basic/batch`;
const WORKSPACE_MEMBERS = '/api/v1/workspaces/current/members';
const DAY = 86_400_000;

const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();
const [SOON, LATER, TOO_LATE] = [inDays(3), inDays(9), inDays(3_660)];

let t: TestApp;
let org: OrgWithAdmin;
let lead: Person;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
  await letWorkspaceAdminsInvite(org);
  lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
});
afterAll(() => t.close());

type Ends = { org: string | null; workspace: string | null; setBy: string | null };

/** The ends of the memberships of an address: in the organization, and in its first workspace. */
async function endsOf(email: string): Promise<Ends | undefined> {
  const [row] = await t.sql<{ org: Date | null; workspace: Date | null; setBy: string | null }>(
    `select m.access_expires_at as org, w.access_expires_at as workspace,
       coalesce(m.access_expires_set_by_user_id, w.access_expires_set_by_user_id) as "setBy"
     from org_memberships m join users u on u.id = m.user_id
     left join workspace_memberships w on w.user_id = m.user_id and w.workspace_id = $2
     where u.email = $1`,
    [email, org.workspaceId],
  );
  return row && { org: iso(row.org), workspace: iso(row.workspace), setBy: row.setBy };
}
const iso = (at: Date | null) => at?.toISOString() ?? null;

/** Of the oldest entry about the invitation. */
const detailsOf = async (operation: string, id: string) =>
  (
    await t.sql<{ details: object }>(
      'select details from audit_entries where operation = $1 and $2 = any(resource_ids) order by id limit 1',
      [operation, id],
    )
  )[0]?.details;

const claim = (person: Person) => person.api.post(`/api/v1/orgs/pending/${org.orgId}/claim`);
const pendingRow = async (email: string) =>
  (await org.admin.api.get(`${ORG_MEMBERS}/pending?emails=${email}`)).body[0];
const workspaceRow = async (email: string) =>
  (await lead.api.get(`${WORKSPACE_MEMBERS}/pending?emails=${email}`)).body[0];

/** Somebody who is invited to this workspace and to another one; what is offered in this one has ended. */
async function invitedToTwo() {
  const stranger = await t.fixtures.userWithoutOrg();
  const [invited] = (await inviteBatch(lead, [{ email: stranger.email, access_expires_at: SOON }])).body;
  const elsewhere = await anotherWorkspace(org);
  await org.admin.api.post(ORG_BATCH, [{ email: stranger.email, workspace_ids: [elsewhere] }]);
  await t.sql(
    `update invitation_workspaces set access_expires_at = now() where invitation_id = $1 and workspace_id = $2`,
    [invited.id, org.workspaceId],
  );
  return { stranger, invited, elsewhere };
}

/** Moves the offered ends, and with them the offer, into the past. */
async function letOfferEnd(id: string): Promise<void> {
  await t.sql(
    `update invitations set access_expires_at = access_expires_at - interval '1 year',
       expires_at = expires_at - interval '1 year' where id = $1`,
    [id],
  );
  await t.sql(
    `update invitation_workspaces set access_expires_at = access_expires_at - interval '1 year'
     where invitation_id = $1`,
    [id],
  );
}

describe('an invitation with an end of access', () => {
  it('gives, at organization level, a membership that ends then, also of the workspaces, set by the inviter', async () => {
    const stranger = await t.fixtures.userWithoutOrg();
    const row = { email: stranger.email, workspace_ids: [org.workspaceId], access_expires_at: SOON };

    const { status, body } = await org.admin.api.post(ORG_MEMBERS, row);
    const listed = await pendingRow(stranger.email);
    await claim(stranger);

    expect([status, body.access_expires_at, body.expires_at]).toEqual([200, SOON, SOON]);
    expect(await detailsOf('invite_user_to_org', body.id)).toMatchObject({
      access_expires_at: { [body.id]: SOON },
    });
    expect(body).not.toHaveProperty('access_expires_at_applied');
    expect(listed).toMatchObject({ access_expires_at: SOON, expires_at: SOON });
    expect(await endsOf(stranger.email)).toEqual({ org: SOON, workspace: null, setBy: org.admin.userId });
    const [held] = await t.sql<{ ends: Date }>(
      'select org_access_ends_at as ends from workspace_memberships where user_id = $1',
      [stranger.userId],
    );
    expect(held?.ends.toISOString()).toBe(SOON);
  });

  it('ends, at workspace level, the membership of the workspace only', async () => {
    const stranger = await t.fixtures.userWithoutOrg();

    const { status, body } = await inviteBatch(lead, [{ email: stranger.email, access_expires_at: SOON }]);
    const inOrg = await pendingRow(stranger.email);
    await claim(stranger);

    expect(status).toBe(200);
    expect(body).toMatchObject([{ access_expires_at: SOON, expires_at: SOON }]);
    expect(inOrg).toMatchObject({ access_expires_at: null, expires_at: SOON });
    expect(await endsOf(stranger.email)).toEqual({ org: null, workspace: SOON, setBy: lead.userId });
  });

  it('is what it was before without an end', async () => {
    const email = t.fixtures.email();

    const { body } = await org.admin.api.post(ORG_BATCH, [{ email }]);

    expect(body[0].access_expires_at).toBeNull();
    expect(body[0]).not.toHaveProperty('access_expires_at_applied');
    expect(new Date(body[0].expires_at).getTime()).toBeGreaterThan(Date.now() + 29 * DAY);
  });

  it('expires with what it offers: it cannot be accepted, takes no seat, and cannot be sent again', async () => {
    const stranger = await t.fixtures.userWithoutOrg();
    const invited = await org.admin.api.post(ORG_MEMBERS, { email: stranger.email, access_expires_at: SOON });
    const resend = `${ORG_MEMBERS}/${invited.body.id}/pending/resend`;

    const before = await org.admin.api.post(resend);
    await letOfferEnd(invited.body.id);
    const [listed, accepted, resent] = [
      await pendingRow(stranger.email),
      await claim(stranger),
      await org.admin.api.post(resend),
    ];

    expect([before.status, before.body.expires_at]).toEqual([200, SOON]);
    expect(listed.is_expired).toBe(true);
    expect([accepted.status, resent.status]).toEqual([410, 409]);
    expect(resent.headers.get('x-error-code')).toBe('invited_access_ended');
    expect(await endsOf(stranger.email)).toBeUndefined();
  });

  it('can be sent again after its end was moved, and is permanent after inviting again without one', async () => {
    const [one, other] = [await t.fixtures.userWithoutOrg(), await t.fixtures.userWithoutOrg()];
    const invite = async ({ email }: Person) => {
      const { body } = await org.admin.api.post(ORG_MEMBERS, { email, access_expires_at: SOON });
      await letOfferEnd(body.id);
      return `${ORG_MEMBERS}/${body.id}/pending`;
    };
    const path = await invite(one);
    await invite(other);

    const moved = await org.admin.api.patch(path, { access_expires_at: LATER });
    const resent = await org.admin.api.post(`${path}/resend`);
    const [again] = (await org.admin.api.post(ORG_BATCH, [{ email: other.email }])).body;

    expect(moved.body).toMatchObject({ access_expires_at: LATER, is_expired: true });
    expect(resent.body).toMatchObject({ expires_at: LATER, is_expired: false });
    expect(again).toMatchObject({ access_expires_at: null, is_expired: false });
  });

  it('gives nothing in a workspace where what it offers has ended', async () => {
    const { stranger, elsewhere } = await invitedToTwo();

    const { status } = await claim(stranger);

    expect(status).toBe(200);
    const held = await t.sql('select workspace_id from workspace_memberships where user_id = $1', [
      stranger.userId,
    ]);
    expect(held).toEqual([{ workspace_id: elsewhere }]);
  });

  it('is not offered, claimed or sent again in a workspace where what it offers has ended', async () => {
    const { stranger, invited, elsewhere } = await invitedToTwo();
    const resend = (workspaceId: string) =>
      org.admin.api.as({ workspaceId }).post(`${WORKSPACE_MEMBERS}/${invited.id}/pending/resend`);

    const offered = await stranger.api.get('/api/v1/workspaces/pending');
    expect(offered.body.map(({ id }: { id: string }) => id)).toEqual([elsewhere]);
    const claimed = await stranger.api.post(`/api/v1/workspaces/pending/${org.workspaceId}/claim`);
    expect([claimed.status, claimed.headers.get('x-error-code')]).toEqual([410, 'invitation_expired']);
    const refusals = await t.sql('select org_id from audit_entries where user_id = $1 and not succeeded', [
      stranger.userId,
    ]);
    expect(refusals).toEqual([{ org_id: org.orgId }]);
    const sent = await resend(org.workspaceId);
    expect([sent.status, sent.headers.get('x-error-code')]).toEqual([409, 'invited_access_ended']);
    expect((await resend(elsewhere)).status).toBe(200);
    expect((await stranger.api.post(`/api/v1/workspaces/pending/${elsewhere}/claim`)).status).toBe(200);
  });

  it('gives a workspace again to whom it invites again after what it offered there has ended', async () => {
    const { stranger, invited } = await invitedToTwo();

    const again = await inviteBatch(lead, [{ email: stranger.email, workspace_role_id: EDITOR }]);

    expect(again.body).toMatchObject([
      { id: invited.id, access_expires_at: null, workspace_role_id: EDITOR, is_expired: false },
    ]);
    expect((await claim(stranger)).status).toBe(200);
    expect(await endsOf(stranger.email)).toEqual({ org: null, workspace: null, setBy: null });
    const [held] = await t.sql(
      'select role_id from workspace_memberships where user_id = $1 and workspace_id = $2',
      [stranger.userId, org.workspaceId],
    );
    expect(held).toEqual({ role_id: EDITOR });
  });
});

describe('naming somebody who is there already', () => {
  it('changes no member, and says so; what the row adds in a workspace has the end', async () => {
    const member = await t.fixtures.member(org, {});
    const row = { email: member.email, access_expires_at: SOON };

    const inOrg = await org.admin.api.post(ORG_BATCH, [row]);
    const added = await inviteBatch(lead, [{ ...row, workspace_role_id: EDITOR }]);
    const again = await inviteBatch(lead, [{ ...row, access_expires_at: LATER }]);
    const same = await inviteBatch(lead, [row]);

    expect(inOrg.body).toMatchObject([{ access_expires_at: null, access_expires_at_applied: false }]);
    expect(added.body).toMatchObject([{ access_expires_at: SOON }]);
    expect(again.body).toMatchObject([{ access_expires_at: SOON, access_expires_at_applied: false }]);
    for (const { body } of [added, same]) expect(body[0]).not.toHaveProperty('access_expires_at_applied');
    expect(await endsOf(member.email)).toEqual({ org: null, workspace: SOON, setBy: lead.userId });
  });

  it('replaces the end of the own part of a pending person; absent keeps it, null is permanent', async () => {
    const email = t.fixtures.email();
    const invite = async (api: Person['api'], path: string, end: object) =>
      (await api.post(path, [{ email, ...end }])).body[0];
    const ends = async () => [
      (await pendingRow(email)).access_expires_at,
      (await workspaceRow(email)).access_expires_at,
    ];

    await invite(org.admin.api, ORG_BATCH, { access_expires_at: LATER });
    await invite(lead.api, WORKSPACE_BATCH, { access_expires_at: SOON });
    const first = await ends();
    await invite(org.admin.api, ORG_BATCH, {});
    await invite(lead.api, WORKSPACE_BATCH, {});
    const kept = await ends();
    const permanent = await invite(lead.api, WORKSPACE_BATCH, { access_expires_at: null });
    const second = await ends();
    await invite(org.admin.api, ORG_BATCH, { access_expires_at: SOON });

    expect(first).toEqual([LATER, SOON]);
    expect(kept).toEqual([LATER, SOON]);
    expect(permanent.access_expires_at).toBeNull();
    expect(second).toEqual([LATER, null]);
    expect(await ends()).toEqual([SOON, null]);
  });

  it('changes no end of what the caller may neither give nor take, and says so; a PATCH is 403', async () => {
    const inviter = await customRole(org, ['workspaces:read', 'workspaces:manage-members']);
    const limited = await t.fixtures.member(org, { workspace: inviter });
    const email = t.fixtures.email();
    const [invited] = (
      await inviteBatch(lead, [{ email, workspace_role_id: EDITOR, access_expires_at: SOON }])
    ).body;
    const again = (end: string | null) =>
      inviteBatch(limited, [{ email, workspace_role_id: inviter, access_expires_at: end }]);
    const patch = (end: string | null) =>
      limited.api.patch(`${WORKSPACE_MEMBERS}/${invited.id}/pending`, { access_expires_at: end });

    for (const end of [null, LATER, inDays(1)]) {
      expect((await again(end)).body).toMatchObject([
        { access_expires_at: SOON, access_expires_at_applied: false },
      ]);
      expect((await patch(end)).status).toBe(403);
    }
    expect((await patch(SOON)).status).toBe(200);
  });
});

describe('refusals', () => {
  it('returns 422 for an end that is too soon or too late, at each row, and changes nothing', async () => {
    const [past, far, ok] = [t.fixtures.email(), t.fixtures.email(), t.fixtures.email()];
    const rows = [
      { email: past, access_expires_at: new Date(Date.now() + 30_000).toISOString() },
      { email: ok, access_expires_at: SOON },
      { email: far, access_expires_at: TOO_LATE },
    ];

    for (const path of [ORG_BATCH, BASIC_BATCH, WORKSPACE_BATCH]) {
      const { status, body } = await org.admin.api.post(path, rows);
      expect([path, status]).toEqual([path, 422]);
      expect(body.detail.map(({ loc }: { loc: unknown }) => loc)).toEqual([
        ['body', 0, 'access_expires_at'],
        ['body', 2, 'access_expires_at'],
      ]);
    }
    const single = await org.admin.api.post(ORG_MEMBERS, rows[0]);
    expect([single.status, single.body.detail[0].loc]).toEqual([422, ['body', 'access_expires_at']]);
    expect(await pendingRow(ok)).toBeUndefined();
  });

  it('returns 422 that names the right field for expires_at, at each row, and ignores it in a PATCH', async () => {
    const email = t.fixtures.email();
    const member = await t.fixtures.member(org, {});

    for (const path of [ORG_BATCH, BASIC_BATCH, WORKSPACE_BATCH]) {
      const { status, body } = await org.admin.api.post(path, [{ email }, { email, expires_at: SOON }]);
      expect([path, status]).toEqual([path, 422]);
      expect(body.detail).toMatchObject([
        { loc: ['body', 1, 'expires_at'], msg: expect.stringContaining('access_expires_at') },
      ]);
    }
    const single = await org.admin.api.post(ORG_MEMBERS, { email, expires_at: SOON });
    const added = await org.admin.api.post(WORKSPACE_MEMBERS, { user_id: member.userId, expires_at: SOON });
    const echoed = await org.admin.api.post(ORG_MEMBERS, { email, expires_at: null });
    const patched = await org.admin.api.patch(`${ORG_MEMBERS}/${echoed.body.id}/pending`, {
      role_id: role('ORGANIZATION_VIEWER'),
      expires_at: SOON,
    });

    expect([single.status, added.status, echoed.status, patched.status]).toEqual([422, 422, 200, 200]);
    expect(patched.body.access_expires_at).toBeNull();
  });
});

describe('people who are added at once', () => {
  it('get a membership of the organization with the end; a pending invitation keeps or changes its own', async () => {
    const [fresh, invited, kept] = [t.fixtures.email(), t.fixtures.email(), t.fixtures.email()];
    for (const email of [invited, kept])
      await org.admin.api.post(ORG_MEMBERS, { email, access_expires_at: SOON });

    const { status, body } = await org.admin.api.post(BASIC_BATCH, [
      { email: fresh, access_expires_at: SOON, workspace_ids: [org.workspaceId] },
      { email: invited, access_expires_at: LATER },
      { email: kept },
    ]);

    expect(status).toBe(200);
    expect(body).toMatchObject([
      { access_expires_at: SOON },
      { access_expires_at: LATER },
      { access_expires_at: SOON },
    ]);
    expect(await endsOf(fresh)).toEqual({ org: SOON, workspace: null, setBy: org.admin.userId });
    expect([(await endsOf(invited))?.org, (await endsOf(kept))?.org]).toEqual([LATER, SOON]);
  });

  it('get, in a workspace, a membership with the end there', async () => {
    const member = await t.fixtures.member(org, {});
    const row = { user_id: member.userId, access_expires_at: SOON };

    const { status } = await lead.api.post(WORKSPACE_MEMBERS, row);

    expect(status).toBe(200);
    expect(await endsOf(member.email)).toEqual({ org: null, workspace: SOON, setBy: lead.userId });
  });
});

describe('changing the end of a pending invitation', () => {
  it('moves the expiry with it in both directions, and records both ends', async () => {
    const email = t.fixtures.email();
    const { body: invited } = await org.admin.api.post(ORG_MEMBERS, { email, access_expires_at: SOON });
    const path = `${ORG_MEMBERS}/${invited.id}/pending`;

    const later = await org.admin.api.patch(path, { access_expires_at: LATER });
    const permanent = await org.admin.api.patch(path, { access_expires_at: null });
    const sooner = await org.admin.api.patch(path, { access_expires_at: SOON });
    const refused = await org.admin.api.patch(path, { access_expires_at: TOO_LATE });

    expect(later.body).toMatchObject({ access_expires_at: LATER, expires_at: LATER });
    expect(permanent.body.access_expires_at).toBeNull();
    expect(new Date(permanent.body.expires_at).getTime()).toBeGreaterThan(Date.now() + 29 * DAY);
    expect(sooner.body).toMatchObject({ access_expires_at: SOON, expires_at: SOON });
    expect([refused.status, refused.body.detail[0].loc]).toEqual([422, ['body', 'access_expires_at']]);
    expect(await detailsOf('update_org_pending_member', invited.id)).toMatchObject({
      from_access_expires_at: SOON,
      to_access_expires_at: LATER,
    });
  });

  it('is that of the workspace at workspace level', async () => {
    const email = t.fixtures.email();
    const [invited] = (await inviteBatch(lead, [{ email, access_expires_at: SOON }])).body;

    const { status, body } = await lead.api.patch(`${WORKSPACE_MEMBERS}/${invited.id}/pending`, {
      access_expires_at: LATER,
    });

    expect([status, body.access_expires_at, body.expires_at]).toEqual([200, LATER, LATER]);
    expect((await pendingRow(email)).access_expires_at).toBeNull();
  });
});

describe('a person whose access has ended', () => {
  /** A member of the organization and of its workspace, whose membership has ended and was not tidied yet. */
  async function former(): Promise<Member> {
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    await t.sql(
      `update org_memberships set access_expires_at = now() - interval '1 second' where org_id = $1 and user_id = $2`,
      [org.orgId, member.userId],
    );
    return member;
  }
  const membershipsOf = ({ userId }: Person) =>
    t.sql<{ id: string; ends: Date | null }>(
      'select id, access_expires_at as ends from org_memberships where org_id = $1 and user_id = $2',
      [org.orgId, userId],
    );
  const remembered = ({ userId }: Person) =>
    t.sql('select 1 from ended_memberships where org_id = $1 and user_id = $2', [org.orgId, userId]);

  it('takes no seat and is in no count of members, before it is tidied', async () => {
    const taken = `select members + (select count(*)::int from invitations i
      where i.org_id = h.org_id and status = 'pending' and (expires_at is null or expires_at > now())) as seats
      from headcounts h where org_id = $1`;
    const countOf = async () =>
      (await org.admin.api.get('/api/v1/workspaces?include_counts=true')).body.find(
        ({ id }: { id: string }) => id === org.workspaceId,
      );
    await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const before = await countOf();
    const gone = await former();
    const [counted] = await t.sql<{ seats: number }>(taken, [org.orgId]);
    await t.sql('update organizations set max_identities = $2 where id = $1', [org.orgId, counted?.seats]);

    const replies = [
      await org.admin.api.post(ORG_MEMBERS, { email: t.fixtures.email() }),
      await org.admin.api.post(ORG_MEMBERS, { email: t.fixtures.email() }),
    ];
    await t.sql('update organizations set max_identities = -1 where id = $1', [org.orgId]);

    expect(replies.map(({ status }) => status)).toEqual([200, 403]);
    expect(await countOf()).toEqual(before);
    expect(await membershipsOf(gone)).toHaveLength(1);
  });

  it('reads until when, and which admin set the end', async () => {
    const gone = await former();
    const set = 'update org_memberships set access_expires_set_by_user_id = $2 where user_id = $1';
    const read = async () => (await gone.api.get('/api/v1/me/ended-access')).body;
    await t.sql(set, [gone.userId, lead.userId]);
    const byMember = await read();
    await t.sql(set, [gone.userId, org.admin.userId]);
    await t.sql('update users set full_name = $2 where id = $1', [org.admin.userId, 'Grace Hopper']);

    const byAdmin = await read();
    const ofOthers = (await lead.api.get('/api/v1/me/ended-access')).body;

    expect(byMember).toMatchObject([{ organization_id: org.orgId, set_by_name: null }]);
    expect(byAdmin).toEqual([
      {
        organization_id: org.orgId,
        organization_name: expect.any(String),
        ended_at: expect.stringMatching(/Z$/),
        set_by_name: 'Grace Hopper',
      },
    ]);
    expect(ofOthers).toEqual([]);
  });

  it('is invited as somebody new, and gets a new membership', async () => {
    const gone = await former();
    const [old] = await membershipsOf(gone);

    const [invited] = (await org.admin.api.post(ORG_BATCH, [{ email: gone.email }])).body;
    const accepted = await claim(gone);

    expect(invited).toMatchObject({ user_id: null, is_expired: false });
    expect(accepted.status).toBe(200);
    const [membership, ...others] = await membershipsOf(gone);
    expect([membership?.ends, others]).toEqual([null, []]);
    expect(membership?.id).not.toBe(old?.id);
    expect(await remembered(gone)).toEqual([]);
  });

  it('comes back without the tokens of before', async () => {
    const gone = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const { body } = await gone.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    const byToken = t.api.as({ key: body.key });
    const before = await byToken.get('/api/v1/workspaces');
    await t.sql(
      `update org_memberships set access_expires_at = now() - interval '1 second' where org_id = $1 and user_id = $2`,
      [org.orgId, gone.userId],
    );

    await org.admin.api.post(ORG_MEMBERS, { email: gone.email });
    const accepted = await claim(gone);

    expect([before.status, accepted.status]).toEqual([200, 200]);
    expect((await byToken.get('/api/v1/workspaces')).status).toBe(401);
  });

  it('is added again by SCIM', async () => {
    const gone = await former();

    const { status } = await (await scimOf(org.admin.api)).post('/Users', userOf(gone.email));

    expect(status).toBe(201);
    expect((await membershipsOf(gone)).map(({ ends }) => ends)).toEqual([null]);
    expect(await remembered(gone)).toEqual([]);
  });

  it('is added again to a workspace where only that membership has ended', async () => {
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    await t.sql(
      `update workspace_memberships set access_expires_at = now() - interval '1 second' where user_id = $1`,
      [member.userId],
    );

    const [added] = (await inviteBatch(lead, [{ email: member.email, access_expires_at: SOON }])).body;

    expect(added).toMatchObject({ user_id: member.userId, access_expires_at: SOON });
    expect(added).not.toHaveProperty('access_expires_at_applied');
  });
});
