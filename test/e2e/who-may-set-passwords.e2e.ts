import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { invitationsOf, ORG_BATCH, ORG_MEMBERS, orgRoleIn } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const BASIC_BATCH = `${ORG_MEMBERS}/basic/batch`;
const KNOWN = 'Known-To-The-Attacker';

let t: TestApp;
let org: OrgWithAdmin;
let operator: Member;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
  operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });
});
afterAll(() => t.close());

const pathOf = ({ membershipId }: Member) => `${ORG_MEMBERS}/${membershipId}`;
const canLogIn = async ({ email }: { email: string }, password: string) =>
  (await t.api.post('/api/v1/login', { email, password })).status === 200;
const atOrg = ({ api }: Member): Api => api.as({ workspaceId: undefined });
const hasAccount = async (email: string) =>
  (await t.sql('select from users where email = $1', [email])).length > 0;

async function tokenOf({ api }: Member): Promise<Api> {
  const { body } = await api.post('/api/v1/orgs/current/personal-access-tokens', {});
  return t.api.as({ key: body.key, orgId: org.orgId });
}

async function adminKey(): Promise<Api> {
  const { body } = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
    org_role_id: role('ORGANIZATION_ADMIN'),
  });
  return t.api.as({ key: body.key, orgId: org.orgId });
}

describe('an operator who handles passwords', () => {
  it('returns 403 when an operator sets the password of a workspace admin, who can still log in', async () => {
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    const reply = await atOrg(operator).patch(pathOf(lead), { password: KNOWN });

    expect(reply).toMatchObject({ status: 403, body: { detail: expect.stringContaining('invite') } });
    expect(await canLogIn(lead, KNOWN)).toBe(false);
    expect(await canLogIn(lead, lead.password)).toBe(true);
  });

  it('returns 403 when an operator creates accounts, with a chosen or a generated password', async () => {
    const email = t.fixtures.email();

    for (const row of [{ email }, { email, password: KNOWN }])
      expect((await atOrg(operator).post(BASIC_BATCH, [row])).status).toBe(403);

    expect(await hasAccount(email)).toBe(false);
  });

  it('returns 403 that names the row when an operator invites with a password', async () => {
    const [one, two] = [t.fixtures.email(), t.fixtures.email()];

    const single = await atOrg(operator).post(ORG_MEMBERS, { email: one, password: KNOWN });
    const batch = await atOrg(operator).post(ORG_BATCH, [{ email: one }, { email: two, password: KNOWN }]);

    expect([single.status, batch.status]).toEqual([403, 403]);
    expect(batch.body.detail).toMatchObject([{ loc: ['body', 1, 'password'] }]);
    const invited = (await invitationsOf(t, org)).map(({ email }) => email);
    expect(invited).not.toContain(one);
    expect(await hasAccount(two)).toBe(false);
  });

  it('returns 403 to an operator before a malformed body is validated', async () => {
    const replies = [
      await atOrg(operator).post(BASIC_BATCH, { rows: 'none' }),
      await atOrg(operator).post(ORG_BATCH, [{ email: 7, password: 'short' }]),
      await atOrg(operator).patch(pathOf(operator), { password: 7, unknown: true }),
    ];

    expect(replies.map(({ status }) => status)).toEqual([403, 403, 403]);
  });

  it('allows an operator to change their own password on the route for that', async () => {
    const other = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });

    expect((await atOrg(other).patch(pathOf(other), { password: KNOWN })).status).toBe(403);
    expect((await atOrg(other).patch('/api/v1/orgs/members/basic', { password: KNOWN })).status).toBe(200);
    expect(await canLogIn(other, KNOWN)).toBe(true);
  });

  it('allows an operator to invite, and to change roles and names of ordinary members', async () => {
    const user = await t.fixtures.member(org, {});

    const invited = await atOrg(operator).post(ORG_MEMBERS, { email: t.fixtures.email(), password: null });
    const changed = await atOrg(operator).patch(pathOf(user), {
      ...{ full_name: 'Ada', role_id: role('ORGANIZATION_VIEWER') },
    });

    expect([invited.status, changed.status]).toEqual([200, 200]);
  });
});

describe('an API key that handles passwords', () => {
  it("returns 403 when a leaked token sets its owner's password by the owner's member id", async () => {
    const owner = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const leaked = await tokenOf(owner);

    const reply = await leaked.patch(pathOf(owner), { password: KNOWN });

    expect(reply).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('only with a session') },
    });
    expect(await canLogIn(owner, KNOWN)).toBe(false);
    expect((await owner.api.get('/api/v1/orgs/current')).status).toBe(200);
  });

  it('returns 403 when an admin key sets the password of any member', async () => {
    const user = await t.fixtures.member(org, {});

    for (const key of [await adminKey(), await tokenOf(org.admin)]) {
      expect((await key.patch(pathOf(user), { password: KNOWN })).status).toBe(403);
      expect((await key.patch(pathOf(user), { password: 'weak' })).status).toBe(403);
    }
    expect(await canLogIn(user, KNOWN)).toBe(false);
  });

  it('returns 403 when an admin key chooses a password for a new account', async () => {
    const email = t.fixtures.email();

    for (const key of [await adminKey(), await tokenOf(org.admin)]) {
      const rows = [{ email: t.fixtures.email() }, { email, password: KNOWN }];
      const made = await key.post(BASIC_BATCH, rows);
      expect(made).toMatchObject({ status: 403, body: { detail: [{ loc: ['body', 1, 'password'] }] } });
      expect((await key.post(ORG_MEMBERS, { email, password: KNOWN })).status).toBe(403);
      expect((await key.post(ORG_BATCH, rows)).status).toBe(403);
    }
    expect(await hasAccount(email)).toBe(false);
  });

  it('allows an admin key to create accounts for new addresses, and refuses addresses that have an account', async () => {
    const [email, member] = [t.fixtures.email(), await t.fixtures.member(org, {})];
    const stranger = await t.fixtures.userWithoutOrg();
    const key = await adminKey();

    const made = await key.post(BASIC_BATCH, [{ email }]);
    const refused = await key.post(BASIC_BATCH, [
      ...[{ email: t.fixtures.email() }, { email: member.email }, { email: stranger.email }, { email }],
    ]);

    expect(made).toMatchObject({ status: 200, body: [{ email, password: expect.any(String) }] });
    expect(refused.status).toBe(403);
    expect(refused.body.detail.map(({ loc }: { loc: unknown[] }) => loc)).toEqual([
      ...[1, 2, 3].map((row) => ['body', row, 'email']),
    ]);
    expect(JSON.stringify(refused.body)).not.toContain(stranger.userId);
    expect(await orgRoleIn(t, org.orgId, stranger.email)).toBeNull();
  });

  it('allows an admin key to change roles and names', async () => {
    const user = await t.fixtures.member(org, {});
    const change = { full_name: 'Ada', role_id: role('ORGANIZATION_VIEWER'), password: null };

    expect((await (await adminKey()).patch(pathOf(user), change)).status).toBe(200);
  });
});

describe('an organization admin who handles passwords', () => {
  it('allows a signed-in organization admin to set passwords, create accounts and invite with passwords', async () => {
    const user = await t.fixtures.member(org, {});
    const [made, invited] = [t.fixtures.email(), t.fixtures.email()];

    expect((await org.admin.api.patch(pathOf(user), { password: KNOWN })).status).toBe(200);
    expect((await org.admin.api.post(BASIC_BATCH, [{ email: made, password: KNOWN }])).status).toBe(200);
    expect((await org.admin.api.post(ORG_MEMBERS, { email: invited, password: KNOWN })).status).toBe(200);

    for (const email of [user.email, made, invited]) expect(await canLogIn({ email }, KNOWN)).toBe(true);
    expect((await user.api.get('/api/v1/orgs/current')).status).toBe(401);
  });

  it('returns 403 when the admin of a personal organization sets the password of an account in another one', async () => {
    const [attacker, victim] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    for (const { orgId, admin } of [attacker, victim])
      await t.sql('update organizations set is_personal = true, created_by_user_id = $2 where id = $1', [
        ...[orgId, admin.userId],
      ]);
    await t.fixtures.addMember(attacker, victim.admin, {});
    const [membership] = await t.sql<{ id: string }>(
      'select id from org_memberships where org_id = $1 and user_id = $2',
      [attacker.orgId, victim.admin.userId],
    );
    const path = `${ORG_MEMBERS}/${membership!.id}`;

    expect((await attacker.admin.api.patch(path, { password: KNOWN })).status).toBe(403);
    expect((await attacker.admin.api.patch(path, { full_name: 'Mallory' })).status).toBe(403);

    expect(await canLogIn(victim.admin, KNOWN)).toBe(false);
  });
});
