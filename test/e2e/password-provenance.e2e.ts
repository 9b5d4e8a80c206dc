import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { auditOf } from '../support/audit.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { invitation, invitationsOf, ORG_MEMBERS, orgRoleIn } from '../support/invitations.js';
import { isOfUnknownOrigin, originOf, provesAddress } from '../support/password-origin.js';
import { scimOf, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** A database from before password origins were recorded, with several organizations and passwords. */
let t: TestApp;
/** The organization of the attacking admin. */
let hostile: OrgWithAdmin;
let victims: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  hostile = await t.fixtures.orgWithAdmin();
  victims = await t.fixtures.orgWithAdmin();
});
afterAll(() => t.close());

const BASIC_BATCH = `${ORG_MEMBERS}/basic/batch`;
const OWN = '/api/v1/orgs/members/basic';
const KNOWN = 'Known-To-The-Attacker';
const ADMIN_ROLE = role('ORGANIZATION_ADMIN');

/** Logs in with a password that the attacker knows; null if the login is refused. */
async function sessionOf(email: string, password = KNOWN): Promise<Api | null> {
  const { status, body } = await t.api.post('/api/v1/login', { email, password });
  return status === 200 ? t.api.as({ token: body.access_token }) : null;
}

const claim = (api: Api | null, { orgId }: { orgId: string }) =>
  api?.post(`/api/v1/orgs/pending/${orgId}/claim`);

/** The role that an attacker who knows the password gains from an invitation to the address; null if none. */
async function claimAsAttacker(email: string, org: OrgWithAdmin): Promise<string | null> {
  const api = await sessionOf(email);
  await claim(api, org);
  await api?.post(`/api/v1/workspaces/pending/${org.workspaceId}/claim`);
  return orgRoleIn(t, org.orgId, email);
}

async function membershipOf(org: OrgWithAdmin, email: string): Promise<string> {
  const { body } = await org.admin.api.get(`${ORG_MEMBERS}/active?emails=${encodeURIComponent(email)}`);
  return body[0].id;
}

const inviteAsAdmin = (email: string, org = victims) =>
  invitation(org, { email, role_id: ADMIN_ROLE, workspace_ids: [org.workspaceId] });

describe('an attack by an operator on the invitation of an admin', () => {
  it("refuses an admin's invitation to an account that an operator created with a known password and removed", async () => {
    const org = await t.fixtures.orgWithAdmin();
    const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });
    const [boss, api] = [t.fixtures.email('boss'), operator.api.as({ workspaceId: undefined })];
    const made = await api.post(BASIC_BATCH, [{ email: boss, password: KNOWN }]);
    if (made.status === 200) await api.delete(`${ORG_MEMBERS}/${await membershipOf(org, boss)}`);

    await inviteAsAdmin(boss, org);

    expect(await claimAsAttacker(boss, org)).toBeNull();
  });

  it('refuses the promotion of an ordinary user whose password an operator has set', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR' });
    const user = await t.fixtures.member(org, {});
    const path = `${ORG_MEMBERS}/${user.membershipId}`;
    await operator.api.as({ workspaceId: undefined }).patch(path, { password: KNOWN });

    expect((await org.admin.api.patch(path, { role_id: ADMIN_ROLE })).status).toBe(200);

    expect(await sessionOf(user.email)).toBeNull();
  });

  it("refuses an admin's invitation to an account whose password is of unknown origin", async () => {
    const org = await t.fixtures.orgWithAdmin();
    const boss = await t.fixtures.userWithoutOrg(t.fixtures.email('boss'));
    await isOfUnknownOrigin(t, boss);
    const id = await inviteAsAdmin(boss.email, org);

    expect((await claim(boss.api, org))?.status).toBe(404);
    expect(await invitationsOf(t, org)).toMatchObject([{ id, status: 'pending' }]);
  });
});

describe('an attack by an admin of one organization on the invitation of another', () => {
  it('refuses the invitation to an account that another organization has created for the address', async () => {
    const boss = t.fixtures.email('boss');
    await hostile.admin.api.post(BASIC_BATCH, [{ email: boss, password: KNOWN }]);
    const id = await inviteAsAdmin(boss);

    const api = (await sessionOf(boss))!;
    expect((await api.delete(`/api/v1/orgs/pending/${victims.orgId}`)).status).toBe(404);
    expect(await claimAsAttacker(boss, victims)).toBeNull();

    expect((await api.get('/api/v1/orgs/pending')).body).toEqual([]);
    expect((await api.get('/api/v1/workspaces/pending')).body).toEqual([]);
    expect((await invitationsOf(t, victims)).find((one) => one.id === id)?.status).toBe('pending');
    const attempts = await auditOf(t, victims.orgId, ['claim_pending_organization_invite']);
    expect(attempts.at(-1)).toMatchObject({ succeeded: false });
  });

  it('refuses the invitation to an account that another organization has created by an invitation with a password', async () => {
    const boss = t.fixtures.email('boss');
    await hostile.admin.api.post(ORG_MEMBERS, { email: boss, password: KNOWN });
    await inviteAsAdmin(boss);

    expect(await claimAsAttacker(boss, victims)).toBeNull();
    // An invitation of the organization that chose the password may be accepted.
    expect(await claimAsAttacker(boss, hostile)).toBe(role('ORGANIZATION_USER'));
  });

  it('refuses the invitation after the known password was changed in a session that the attacker started', async () => {
    const boss = t.fixtures.email('boss');
    await hostile.admin.api.post(BASIC_BATCH, [{ email: boss, password: 'Known-At-The-Start' }]);
    const api = (await sessionOf(boss, 'Known-At-The-Start'))!.as({ orgId: hostile.orgId });
    for (const password of ['Another-Known-One', KNOWN])
      expect((await api.patch(OWN, { password })).status).toBe(200);
    await inviteAsAdmin(boss);

    expect(await claimAsAttacker(boss, victims)).toBeNull();
  });

  it('refuses the invitation to an account that was created through SCIM and given a password by an admin', async () => {
    const boss = t.fixtures.email('boss');
    const scim = await scimOf(hostile.admin.api);
    await scim.post('/Users', userOf(boss));
    const path = `${ORG_MEMBERS}/${await membershipOf(hostile, boss)}`;
    expect((await hostile.admin.api.patch(path, { password: KNOWN })).status).toBe(200);
    await inviteAsAdmin(boss);

    expect(await claimAsAttacker(boss, victims)).toBeNull();
  });

  it('ignores a password in a SCIM request, which cannot be used to log in', async () => {
    const boss = t.fixtures.email('boss');
    const scim = await scimOf(hostile.admin.api);
    const { body } = await scim.post('/Users', userOf(boss, { password: KNOWN }));
    await scim.patch(`/Users/${body.id}`, [{ op: 'replace', path: 'password', value: KNOWN }]);
    await scim.patch(`/Users/${body.id}`, [{ op: 'replace', value: { password: KNOWN } }]);
    await scim.put(`/Users/${body.id}`, userOf(boss, { password: KNOWN }));

    expect(await sessionOf(boss)).toBeNull();
    expect(JSON.stringify(await t.sql('select attributes from scim_users'))).not.toContain(KNOWN);
  });

  it('refuses the invitation after the attacker has added the account to their organization and changed its password', async () => {
    const boss = await t.fixtures.userWithoutOrg(t.fixtures.email('boss'));
    await hostile.admin.api.post(BASIC_BATCH, [{ email: boss.email }]);
    const scim = await scimOf(hostile.admin.api);
    await scim.post('/Users', userOf(boss.email));
    const path = `${ORG_MEMBERS}/${await membershipOf(hostile, boss.email)}`;

    expect((await hostile.admin.api.patch(path, { password: KNOWN })).status).toBe(403);

    await inviteAsAdmin(boss.email);
    expect(await claimAsAttacker(boss.email, victims)).toBeNull();
    expect((await claim(boss.api, victims))?.status).toBe(200);
  });
});

describe('the addition of an account that another organization has created', () => {
  it('returns 409 when SCIM adds an account whose password another organization has chosen', async () => {
    const boss = t.fixtures.email('boss');
    await hostile.admin.api.post(BASIC_BATCH, [{ email: boss, password: KNOWN }]);
    const scim = await scimOf(victims.admin.api);

    const refused = await scim.post('/Users', userOf(boss));

    expect(refused).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('invite the user') },
    });
    const [account] = await t.sql<{ id: string }>('select id from users where email = $1', [boss]);
    expect(refused.body.detail).not.toContain(account!.id);
    expect(await orgRoleIn(t, victims.orgId, boss)).toBeNull();
  });

  it('returns 409 when an admin adds the account, also while it has no password yet', async () => {
    const boss = t.fixtures.email('boss');
    const scim = await scimOf(hostile.admin.api);
    await scim.post('/Users', userOf(boss));

    expect((await victims.admin.api.post(BASIC_BATCH, [{ email: boss }])).status).toBe(403);

    expect(await orgRoleIn(t, victims.orgId, boss)).toBeNull();
  });
});

describe('accepting an invitation with a password', () => {
  it.each(['ORGANIZATION_USER', 'ORGANIZATION_ADMIN'] as const)(
    'accepts an invitation as %s with a password that an admin of the organization chose, also after its owner changed it',
    async (name) => {
      const email = t.fixtures.email();
      await victims.admin.api.post(ORG_MEMBERS, { email, password: KNOWN, role_id: role(name) });
      const api = (await sessionOf(email))!;
      expect((await api.get('/api/v1/orgs/pending')).body).toMatchObject([{ id: victims.orgId }]);
      const [{ id: userId }] = (await t.sql<{ id: string }>('select id from users where email = $1', [
        email,
      ])) as [{ id: string }];
      expect(await originOf(t, { userId })).toMatchObject({
        ...{ chosen_by: 'organization_admin', vouching_org_id: victims.orgId },
      });

      expect((await claim(api, victims))?.status).toBe(200);

      expect(await orgRoleIn(t, victims.orgId, email)).toBe(role(name));
    },
  );

  it('accepts an invitation of any organization with a password that its owner set after proving the address', async () => {
    const person: Member = await t.fixtures.member(hostile, {});
    await inviteAsAdmin(person.email);
    expect((await claim(person.api, victims))?.status).toBe(404);

    await provesAddress(t, person);

    expect((await claim(person.api, victims))?.status).toBe(200);
  });

  it('refuses to accept an invitation in a session that a password change has ended', async () => {
    const person = await t.fixtures.member(hostile, {});
    await inviteAsAdmin(person.email);
    await t.sql('delete from sessions where user_id = $1', [person.userId]);
    await provesAddress(t, person);

    expect((await claim(person.api, victims))?.status).toBe(401);
  });
});
