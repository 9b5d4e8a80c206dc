import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditOf } from '../support/audit.js';
import type { Account } from '../support/identity-provider.js';
import { role } from '../support/fixtures.js';
import { leastCosts } from '../support/least-costs.js';
import { ssoSettings } from '../support/sso-settings.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';

/** Basic auth first, then single sign-on on the same database, as an installation that switches. */
let basic: TestApp;
let w: SsoEnvironment;
beforeAll(async () => {
  basic = await startTestApp();
  w = await SsoEnvironment.start({ AUDIT_SEAL_SECONDS: '3600' }, basic.databaseUrl); // sealing would be counted
});
afterAll(async () => {
  await w.stop();
  await basic.close();
});

const LOGIN_METHODS = '/api/v1/orgs/current/login-methods';
const OWN = '/api/v1/orgs/current/user/login-methods';
const INFO = '/api/v1/orgs/current/info';
const asAdmin = () => w.signIn({ sub: 'the-admin' });

describe('the own login methods', () => {
  it('say who set the password, and that its owner did after a change', async () => {
    const org = await basic.fixtures.orgWithAdmin();
    const bob = await basic.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const chooser = async () => (await bob.api.get(OWN)).body[0].password_chosen_by;
    expect(await chooser()).toBe('organization_admin');

    const change = { password: 'Another-Horse-1!' };
    expect((await bob.api.patch('/api/v1/orgs/members/basic', change)).status).toBe(200);

    expect(await chooser()).toBe('owner');
    const { body: members } = await org.admin.api.get('/api/v1/orgs/current/members/active');
    expect(JSON.stringify(members)).not.toContain('password_chosen_by');
  });
});

describe('the change from passwords to single sign-on', () => {
  it('finds accounts by verified e-mail, refuses their passwords and accepts their keys', async () => {
    const org = await basic.fixtures.defaultOrg();
    const bob = await basic.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_VIEWER',
    });
    const pat = await bob.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    const before = await w.workspaceRolesOf(bob.email);

    const { get } = await w.signIn(
      w.person({ email: bob.email.toUpperCase(), name: 'Bob', preferred_username: 'bob' }),
    );
    const mine = (await get(OWN)).body;
    expect(mine).toMatchObject([
      { provider: 'email', email: bob.email, username: bob.email, email_confirmed_at: null },
      {
        ...{ provider: 'custom-oidc', ls_user_id: bob.userId, email_confirmed_at: expect.any(String) },
        ...{ email: bob.email, username: 'bob' },
      },
    ]);
    expect(await w.workspaceRolesOf(bob.email)).toEqual(before);
    expect((await w.logins())[0]).toMatchObject({
      user_id: bob.userId,
      details: { rule: 'existing_access', account: 'joined' },
    });

    const password = Buffer.from(`${bob.email}:${bob.password}`).toString('base64');
    const refused = await w.t.api.post('/api/v1/login', undefined, {
      headers: { authorization: `Basic ${password}` },
    });
    expect(refused.status).toBe(403);
    expect((await bob.api.at(w.t.url).get(INFO)).status).toBe(401);
    expect((await w.t.api.as({ key: pat.body.key }).get(INFO)).status).toBe(200);
  });

  it('removes a password that another organization chose when its user joins this organization', async () => {
    const elsewhere = await basic.fixtures.member(await basic.fixtures.orgWithAdmin(), {});
    const here = await basic.fixtures.member(w.org, {});
    await w.org.admin.api.post('/api/v1/orgs/current/members', { email: elsewhere.email });

    for (const { email } of [elsewhere, here])
      expect((await w.signIn(w.person({ email }))).page.status).toBe(302);

    expect(await w.workspaceRolesOf(elsewhere.email)).toMatchObject([{ source: 'invitation' }]);
    await expect(basic.fixtures.login(elsewhere.email, elsewhere.password)).rejects.toThrow('401');
    await basic.fixtures.login(here.email, here.password);
  });

  it('returns 403 on every route that creates or changes a password', async () => {
    const { api } = w.org.admin;
    const password = 'Correct-Horse-Battery';
    const email = 'by-password@example.com';
    const path = `/api/v1/orgs/current/members/${w.org.admin.membershipId}`;
    const { send } = await asAdmin();
    const replies = [
      await api.post('/api/v1/orgs/current/members/basic/batch', [{ email }]),
      await api.post('/api/v1/orgs/current/members/basic/batch', [{}]),
      await api.post('/api/v1/orgs/current/members', { email, password }),
      await api.patch(path, { password }),
      await send('PATCH', '/api/v1/orgs/members/basic', { password }),
    ];
    expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    expect(await w.t.sql('select 1 from users where email = $1', [email])).toEqual([]);
  });
});

describe('what the provider said of a login', () => {
  const loginOf = async (email: string) => {
    const { body } = await w.org.admin.api.get(
      `/api/v1/orgs/current/members/active?emails=${encodeURIComponent(email)}`,
    );
    return body[0].linked_login_methods[0];
  };
  const change = (person: Account, claims: Partial<Account>) => w.idp.account({ ...person, ...claims });

  it('shows e-mail and user name of the last sign-in, and the confirmation beside the confirmed address', async () => {
    const person = w.person({ preferred_username: 'ada' });
    await w.signIn(person);
    const first = await loginOf(person.email);
    expect(first).toMatchObject({
      email: person.email,
      username: 'ada',
      email_confirmed_at: expect.any(String),
    });

    await w.signIn(person);
    expect(await loginOf(person.email)).toEqual(first);

    const newAddress = `new-${person.email}`;
    change(person, {
      email: newAddress.toUpperCase(),
      email_verified: undefined,
      preferred_username: 'ada.l',
    });
    await w.signIn(person);
    expect(await loginOf(person.email)).toMatchObject({
      email: newAddress,
      username: 'ada.l',
      email_confirmed_at: null,
    });

    change(person, { preferred_username: undefined });
    await w.signIn(person);
    expect(await loginOf(person.email)).toMatchObject({
      ...first,
      username: null,
      updated_at: expect.any(String),
    });
  });

  it('shows an e-mail that is not verified without a confirmation', async () => {
    const person = w.person({ email_verified: false });
    await w.signIn(person);
    expect(await loginOf(person.email)).toMatchObject({ email: person.email, email_confirmed_at: null });
  });

  it.each(['a\u202eb', 'a\u0007b', 'x'.repeat(201), 7])(
    'stores no user name for the claim %j',
    async (claim) => {
      const person = w.person({ preferred_username: claim as string });
      expect((await w.signIn(person)).page.status).toBe(302);
      expect((await loginOf(person.email)).username).toBeNull();
    },
  );

  it('keeps what was stored when a sign-in is refused', async () => {
    const person = w.person({ preferred_username: 'eve' });
    await w.signIn(person);
    await w.t.sql(
      'update org_memberships set is_disabled = true where user_id = (select id from users where email = $1)',
      [person.email],
    );
    change(person, { preferred_username: 'mallory' });
    expect((await w.signIn(person)).page.status).toBe(403);
    expect(
      await w.t.sql('select provider_username from login_methods where subject = $1', [person.sub]),
    ).toEqual([{ provider_username: 'eve' }]);
  });
});

describe('the setting sso_only', () => {
  it('lets only an admin with a single sign-on session turn sso_only on', async () => {
    const operator = w.person();
    const body = { email: operator.email, role_id: role('ORGANIZATION_OPERATOR') };
    await w.org.admin.api.post('/api/v1/orgs/current/members', body);
    const { send: sendAsOperator } = await w.signIn(operator);
    const byOperator = await sendAsOperator('PATCH', LOGIN_METHODS, { sso_only: true });
    const unchanged = await sendAsOperator('PATCH', LOGIN_METHODS, { sso_only: null });
    const byKey = await w.org.admin.api.patch(LOGIN_METHODS, { sso_only: true });
    const byPassword = await (
      await basic.fixtures.defaultOrg()
    ).admin.api.patch(LOGIN_METHODS, { sso_only: true });
    const refused = [byOperator, unchanged, byKey, byPassword];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(byKey.body.detail).toMatch(/Sign in by single sign-on first/);
    const { send } = await asAdmin();
    expect((await send('PATCH', LOGIN_METHODS, { sso_only: null })).body).toEqual({ sso_only: false });
    expect((await send('PATCH', LOGIN_METHODS, {})).body).toEqual({ sso_only: false });
  });

  it('refuses every other login to the organization but API keys, until sso_only is turned off', async () => {
    const { admin, orgId } = await basic.fixtures.defaultOrg();
    const stranger = await basic.fixtures.userWithoutOrg();
    await admin.api.post('/api/v1/orgs/current/members', { email: stranger.email });
    const { send } = await asAdmin();
    expect(await send('PATCH', LOGIN_METHODS, { sso_only: true })).toMatchObject({
      status: 200,
      body: { sso_only: true },
    });
    expect((await w.org.admin.api.get(INFO)).body.sso_only).toBe(true);
    try {
      const token = await basic.fixtures.login(ADMIN.email, ADMIN.password); // in a password installation again
      const again = basic.api.as({ token, orgId });
      const replies = [
        await admin.api.get(INFO),
        await again.get(INFO),
        await again.post('/api/v1/orgs/current/personal-access-tokens', {}),
        await again.post('/api/v1/orgs/current/service-keys', {}),
        await again.patch(LOGIN_METHODS, { sso_only: false }),
        await stranger.api.post(`/api/v1/orgs/pending/${orgId}/claim`),
      ];
      expect(replies.map(({ status }) => status)).toEqual(Array(6).fill(403));
      expect(replies[0]!.body.detail).toMatch(/single sign-on only/);
      expect((await basic.api.as({ token }).get('/api/v1/me/ls_user_id')).status).toBe(200);
      expect((await w.org.admin.api.at(basic.url).get(INFO)).status).toBe(200);
    } finally {
      expect((await w.org.admin.api.patch(LOGIN_METHODS, { sso_only: false })).status).toBe(200);
    }
    expect((await admin.api.get(INFO)).status).toBe(200);
    const rows = await auditOf(w.t, orgId, ['update_login_methods']);
    expect(rows.filter(({ succeeded }) => succeeded)).toHaveLength(2);
  });
});

describe('endpoints of the login page', () => {
  it('returns the provider of a login page by its slug', async () => {
    const settings = await ssoSettings(w.org);
    const { sso_login_slug: slug } = (await w.org.admin.api.get(INFO)).body;
    expect(slug).toMatch(/^default-[0-9a-f]{10}$/);
    const place = {
      provider_id: settings.provider_id,
      organization_id: w.org.orgId,
      organization_display_name: 'Default',
    };
    expect((await w.t.api.get(`/api/v1/sso/settings/${slug}`)).body).toEqual([place]);
    for (const unknown of ['unknown', 'Default', '%00', `${slug}x`])
      expect(await w.t.api.get(`/api/v1/sso/settings/${unknown}`)).toMatchObject({ status: 200, body: [] });
  });

  it('returns the provider for the e-mail of a user provisioned by SCIM, and for no other address', async () => {
    const lookup = async (email: string) =>
      (await w.t.api.post('/api/v1/sso/email-lookup', { email })).body as unknown[];
    const ada = w.person();
    await w.signIn(ada);
    expect(await lookup(ada.email)).toEqual([]);
    await w.t.sql(`update login_methods set provisioning_method = 'scim' where subject = $1`, [ada.sub]);
    expect(await lookup(` ${ada.email.toUpperCase()}`)).toMatchObject([{ organization_id: w.org.orgId }]);
    for (const unknown of ['unknown@example.com', 'nonsense', '']) expect(await lookup(unknown)).toEqual([]);
    expect((await w.t.api.post('/api/v1/sso/email-lookup', { email: [ada.email] })).status).toBe(422);
  });

  it('returns each organization with a provider for an e-mail, in a fixed number of statements', async () => {
    const person = w.person();
    await w.signIn(person);
    await w.t.sql(`update login_methods set provisioning_method = 'scim' where subject = $1`, [person.sub]);
    const cost = async (orgIds: string[]) => {
      const before = await w.t.statements();
      const { body } = await w.t.api.post('/api/v1/sso/email-lookup', { email: person.email });
      const statements = (await w.t.statements()) - before;
      expect(body.map(({ organization_id }: { organization_id: string }) => organization_id)).toEqual(orgIds);
      return statements;
    };
    const joined = async () => {
      const org = await basic.fixtures.orgWithAdmin();
      await basic.fixtures.addMember(org, person, {});
      return org;
    };
    const ofOne = () => cost([w.org.orgId]);
    const [few] = await leastCosts(ofOne, ofOne);
    const orgs = [await joined(), await joined(), await joined()];
    for (const org of orgs) await ssoSettings(org);
    await joined(); // without a provider
    const [first, closed, last] = orgs.map(({ orgId }) => orgId);
    await w.t.sql('update organizations set is_disabled = true where id = $1', [closed]);

    const ofThree = () => cost([w.org.orgId, first!, last!]);
    expect((await leastCosts(ofThree, ofThree))[0]).toBeLessThanOrEqual(few!);
  });
});

it('returns no login methods for a service key', async () => {
  const { body } = await w.org.admin.api.post('/api/v1/orgs/current/service-keys', {});
  expect(await w.t.api.as({ key: body.key }).get(OWN)).toMatchObject({ status: 200, body: [] });
});
