import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { onOwnConnection } from '../support/audit-log.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { invitation, ORG_MEMBERS, orgRoleIn } from '../support/invitations.js';
import { MailServer, partOf } from '../support/mail-server.js';
import { isOfUnknownOrigin, originOf, provesAddress } from '../support/password-origin.js';
import { adminIn } from '../support/server-host.js';
import { ssoSettings } from '../support/sso-settings.js';
import { SSO_ENVIRONMENT, ssoStranger } from '../support/sso-stranger.js';
import { ADMIN, API_KEY_SALT, JWT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';
import { waitForBlockedQuery } from '../support/waiting-for-locks.js';

/** A database from before password origins were recorded, with several organizations and passwords. */
let t: TestApp;
let mail: MailServer;
let first: OrgWithAdmin;
let other: OrgWithAdmin;
beforeAll(async () => {
  mail = await MailServer.start();
  t = await startTestApp({ ...mail.environment, LANGSMITH_URL: 'http://localhost:1984' });
  first = await t.fixtures.defaultOrg();
  other = await t.fixtures.orgWithAdmin();
});
afterAll(async () => {
  await t.close();
  await mail.stop();
});

const OWN = '/api/v1/orgs/members/basic';
const NEW = 'Another-Horse-Battery';
const SETTINGS = { BASIC_AUTH_JWT_SECRET: JWT_SECRET, API_KEY_SALT, INITIAL_ORG_ADMIN_EMAIL: ADMIN.email };

const claim = ({ api }: Pick<Member, 'api'>, { orgId }: OrgWithAdmin) =>
  api.post(`/api/v1/orgs/pending/${orgId}/claim`);
const changeOwn = ({ api }: Member, password: string) =>
  api.as({ workspaceId: undefined }).patch(OWN, { password });
const chosenByAdminOf = ({ orgId }: OrgWithAdmin) => ({
  ...{ chosen_by: 'organization_admin', vouching_org_id: orgId, address_proved: false },
});

describe('the recorded origin of a password', () => {
  it('records the installation for the default organization as the origin at the first start', async () => {
    expect(await originOf(t, first.admin)).toEqual({
      ...{ chosen_by: 'installation', vouching_org_id: first.orgId, address_proved: false },
    });
  });

  it('records the organization when an admin chooses a password, and keeps it when the owner changes the password', async () => {
    const member = await t.fixtures.member(other, {});
    await other.admin.api.patch(`${ORG_MEMBERS}/${member.membershipId}`, { password: NEW });
    expect(await originOf(t, member)).toEqual(chosenByAdminOf(other));
    const api = t.api.as({ token: await t.fixtures.login(member.email, NEW), orgId: other.orgId });

    expect((await api.patch(OWN, { password: 'Yet-Another-Horse' })).status).toBe(200);

    expect(await originOf(t, member)).toEqual({ ...chosenByAdminOf(other), chosen_by: 'owner' });
  });

  it('records the owner as the origin when an admin sets their own password through their member id', async () => {
    const admin = await t.fixtures.member(other, { org: 'ORGANIZATION_ADMIN' });
    await isOfUnknownOrigin(t, admin);

    const path = `${ORG_MEMBERS}/${admin.membershipId}`;
    expect((await admin.api.as({ workspaceId: undefined }).patch(path, { password: NEW })).status).toBe(200);

    expect(await originOf(t, admin)).toEqual({
      ...{ chosen_by: 'owner', vouching_org_id: null, address_proved: false },
    });
  });

  it('records the installation for a password set by the command line, so that its owner can accept invitations of the default organization', async () => {
    const person = await t.fixtures.userWithoutOrg();
    for (const org of [first, other]) await invitation(org, { email: person.email });
    const args = ['passwords:reset', '--email', person.email, '--password-stdin'];

    expect((await adminIn(t.databaseUrl, SETTINGS, args, NEW)).code).toBe(0);

    const api = t.api.as({ token: await t.fixtures.login(person.email, NEW) });
    expect((await claim({ api }, other)).status).toBe(404);
    expect((await claim({ api }, first)).status).toBe(200);
  });

  it.each([
    ['owner', 'with a proved address and an organization', `'owner', $2::uuid, true`],
    ['organization_admin', 'without an organization', `'organization_admin', null::uuid, false`],
    ['organization_admin', 'with a proved address', `'organization_admin', $2::uuid, true`],
    ['unknown', 'with an organization', `'unknown', $2::uuid, false`],
    ['stranger', 'without an organization', `'stranger', $2::uuid, false`],
  ])('rejects in the database the password origin "%s" %s', async (_, _what, values) => {
    const { userId } = await t.fixtures.userWithoutOrg();

    const write = t.sql(
      `update passwords p set chosen_by = v.chosen_by, vouching_org_id = v.org, address_proved = v.proved
       from (select ${values}) v (chosen_by, org, proved) where p.user_id = $1 and $2::uuid is not null`,
      [userId, other.orgId],
    );

    await expect(write).rejects.toThrow(/passwords_(origin_is_consistent|chooser_is_known)/);
  });
});

describe('an accepted link from a mail', () => {
  it('proves the address for every organization from the next password change of the owner on', async () => {
    const member = await t.fixtures.member(first, {});
    await follow(member);
    await invitation(other, { email: member.email, role_id: role('ORGANIZATION_ADMIN') });
    expect((await claim(member, other)).status).toBe(404); // an admin of the first organization knows the password

    await changeOwn(member, NEW);

    expect(await originOf(t, member)).toEqual({
      ...{ chosen_by: 'owner', vouching_org_id: null, address_proved: true },
    });
    expect((await claim(member, other)).status).toBe(200);
  });

  it('proves no address after another principal has chosen a new password', async () => {
    const member = await t.fixtures.member(first, {});
    await follow(member);
    await first.admin.api.patch(`${ORG_MEMBERS}/${member.membershipId}`, { password: NEW });
    const token = await t.fixtures.login(member.email, NEW);
    await t.api.as({ token, orgId: first.orgId }).patch(OWN, { password: 'Yet-Another-Horse' });

    expect(await originOf(t, member)).toMatchObject({ vouching_org_id: first.orgId, address_proved: false });
  });

  let provider: string;
  async function follow({ api, email }: Member): Promise<void> {
    provider ??= (await ssoSettings(first)).provider_id;
    const body = { email, saml_provider_id: provider };
    expect((await api.post('/api/v1/sso/email-verification/send', body)).status).toBe(202);
    const [letter] = await mail.mailsTo(email, 1);
    const [, token] = /token=([\w-]{43})/.exec(partOf(letter!, 'text/plain'))!;
    expect((await t.api.post('/api/v1/sso/email-verification/confirm', { token })).status).toBe(200);
  }
});

describe('concurrent changes of passwords and memberships', () => {
  it('refuses to accept an invitation in a session that a password change ends at the same moment', async () => {
    const person = await t.fixtures.member(first, {});
    await invitation(other, { email: person.email, role_id: role('ORGANIZATION_ADMIN') });

    const reply = await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query(
        `update passwords set chosen_by = 'owner', vouching_org_id = null, address_proved = true where user_id = $1`,
        [person.userId],
      );
      await client.query('delete from sessions where user_id = $1', [person.userId]);
      const claimed = claim(person, other);
      await waitForBlockedQuery(t);
      await client.query('commit');
      return claimed;
    });

    expect(reply.status).toBe(401);
    expect(await orgRoleIn(t, other.orgId, person.email)).toBeNull();
  });

  it('refuses a password from an admin for a member who joins another organization at the same moment', async () => {
    const member = await t.fixtures.member(first, {});
    const reply = await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('select from passwords where user_id = $1 for share', [member.userId]);
      await client.query(
        `insert into org_memberships (id, org_id, user_id, role_id, source, created_via)
         values (gen_random_uuid(), $1, $2, $3, 'invitation', 'unknown')`,
        [other.orgId, member.userId, role('ORGANIZATION_ADMIN')],
      );
      const change = first.admin.api.patch(`${ORG_MEMBERS}/${member.membershipId}`, { password: NEW });
      await waitForBlockedQuery(t);
      await client.query('commit');
      return change;
    });

    expect(reply).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('other organizations') },
    });
    await expect(t.fixtures.login(member.email, NEW)).rejects.toThrow('401');
  });
});

it('refuses a password from an admin for a member who has proved the address', async () => {
  const member = await t.fixtures.member(first, {});
  await provesAddress(t, member);

  const reply = await first.admin.api.patch(`${ORG_MEMBERS}/${member.membershipId}`, { password: NEW });

  expect(reply).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining('only they can change it') },
  });
  await t.fixtures.login(member.email, member.password);
});

describe('passwords while single sign-on is in use', () => {
  it('removes only a password of unknown origin when its owner is promoted', async () => {
    const [old, known] = [await t.fixtures.member(first, {}), await t.fixtures.member(first, {})];
    await isOfUnknownOrigin(t, old);
    const { body } = await first.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    const sso = await startTestApp(SSO_ENVIRONMENT, t.databaseUrl);
    const api = sso.api.as({ key: body.key, orgId: first.orgId });

    for (const { membershipId } of [old, known])
      expect(
        (await api.patch(`${ORG_MEMBERS}/${membershipId}`, { role_id: role('ORGANIZATION_ADMIN') })).status,
      ).toBe(200);
    await sso.close();

    expect(await originOf(t, old)).toBeNull();
    await expect(t.fixtures.login(old.email, old.password)).rejects.toThrow('401');
    await t.fixtures.login(known.email, known.password);
  });

  it('a confirmed password login proves no address for a provider login without a verified e-mail', async () => {
    const sso = await startTestApp(SSO_ENVIRONMENT, t.databaseUrl);
    const person = await ssoStranger(sso, { hadPassword: true });
    await invitation(other, { email: person.email });
    const confirm = (isConfirmed: string) =>
      t.sql(
        `update login_methods set email_confirmed_at = case when ${isConfirmed} then now() end,
           email_confirmed_by = case when ${isConfirmed} then 'mail' end where user_id = $1`,
        [person.userId],
      );

    await confirm(`provider = 'email'`);
    const refused = await claim(person, other);
    await confirm(`provider <> 'email'`);
    const accepted = await claim(person, other);
    await sso.close();

    expect([refused.status, accepted.status]).toEqual([403, 200]);
  });

  it('removes a password of unknown origin when break-glass access restores the admin', async () => {
    await isOfUnknownOrigin(t, first.admin);
    const settings = { ...SETTINGS, ...SSO_ENVIRONMENT };

    expect((await adminIn(t.databaseUrl, settings, ['break-glass', '--restore-admin'])).code).toBe(0);

    expect(await originOf(t, first.admin)).toBeNull();
  });
});
