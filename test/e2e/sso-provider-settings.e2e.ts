import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Browser } from '../support/browser.js';
import { HostileProvider } from '../support/hostile-provider.js';
import { freePort } from '../support/free-port.js';
import { role as roleId } from '../support/fixtures.js';
import { type Account, LOGIN, type TestIdentityProvider } from '../support/identity-provider.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { SSO_SETTINGS, ssoSettings } from '../support/sso-settings.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';
import { SignedInBrowser } from '../support/test-sign-in.js';

describe('OAUTH_AUTHORIZATION_PARAMS', () => {
  it('adds parameters to the authorization request, and a link for another account changes prompt', async () => {
    const provider = await HostileProvider.start();
    const t = await startTestApp({
      ...provider.environment(`http://127.0.0.1:${await freePort()}`),
      OAUTH_AUTHORIZATION_PARAMS: '{"prompt":"consent","access_type":"offline","hd":"example.com"}',
      OAUTH_SCOPES: 'openid,email,offline_access',
    });
    const asked = async (query = '') => {
      const { location } = await new Browser().open(`${t.url}${LOGIN}${query}`);
      return Object.fromEntries(new URL(location!).searchParams);
    };
    const [plain, other] = [await asked(), await asked('?prompt=select_account')];
    await t.close();
    await provider.stop();

    expect(plain).toMatchObject({ prompt: 'consent', access_type: 'offline', hd: 'example.com' });
    expect(plain['scope']).toBe('openid email offline_access');
    expect(other['prompt']).toBe('select_account');
  });
});

describe('OAUTH_ALLOWED_EMAIL_DOMAINS', () => {
  let w: SsoEnvironment;
  let trusting: Awaited<ReturnType<SsoEnvironment['replica']>>;
  beforeAll(async () => {
    const OAUTH_ALLOWED_EMAIL_DOMAINS = 'Example.com,bücher.test';
    w = await SsoEnvironment.start({ OAUTH_ALLOWED_EMAIL_DOMAINS });
    trusting = await w.replica({ OAUTH_ALLOWED_EMAIL_DOMAINS, OAUTH_TRUST_UNVERIFIED_EMAIL: 'true' });
  });
  afterAll(async () => {
    await trusting.t.close();
    await trusting.idp.stop();
    await w.stop();
  });

  const at = (domain: string) => ({ email: `ada-${randomUUID()}@${domain}` });
  const codeOf = (page: { body: string }) => /<code>(\w+)<\/code>/.exec(page.body)?.[1];

  it.each(['example.com', 'EXAMPLE.com', 'xn--bcher-kva.test', 'bücher.test'])(
    'lets %s sign in',
    async (domain) => {
      expect((await w.signIn(w.person(at(domain)))).page.status).toBe(302);
    },
  );

  it.each([
    'evil.test',
    'sub.example.com',
    'example.com.evil.test',
    'notexample.com',
    'example.com@evil.test',
    'evil.test\u0000@example.com',
  ])('refuses an address of the domain %j', async (domain) => {
    const { page } = await w.signIn(w.person(at(domain)));

    expect(page.status).toBe(403);
    expect(['email_domain_not_allowed', 'email_claim_missing']).toContain(codeOf(page));
  });

  it('names another account and no setting', async () => {
    const { page } = await w.signIn(w.person(at('evil.test')));

    expect(codeOf(page)).toBe('email_domain_not_allowed');
    expect(page.body).toContain('Use another account');
    expect(page.body).not.toMatch(/OAUTH_|evil\.test|example\.com/);
  });

  it.each<[boolean | undefined, string]>([
    [false, 'email_not_verified'],
    [undefined, 'email_verification_unknown'],
  ])('refuses an allowed domain when email_verified is %s', async (email_verified, code) => {
    const { page } = await w.signIn(w.person({ ...at('example.com'), email_verified }));

    expect([page.status, codeOf(page)]).toEqual([403, code]);
  });

  it('accepts an absent email_verified with OAUTH_TRUST_UNVERIFIED_EMAIL, never a false one', async () => {
    const signIn = async (email_verified: boolean | undefined) => {
      const account = { sub: randomUUID(), ...at('example.com'), email_verified };
      trusting.idp.account(account);
      return (await w.signIn(account, trusting)).page.status;
    };

    expect([await signIn(undefined), await signIn(false)]).toEqual([302, 403]);
  });

  it('refuses a member whose login has an address of another domain now', async () => {
    const person = w.person(at('example.com'));
    expect((await w.signIn(person)).page.status).toBe(302);

    w.idp.account({ ...person, ...at('evil.test') });
    const { page } = await w.signIn(person);

    expect([page.status, codeOf(page)]).toEqual([403, 'email_domain_not_allowed']);
  });
});

describe('OAUTH_EMAIL_CLAIM', () => {
  const OAUTH_EMAIL_CLAIM = 'upn,emails,preferred_username,email';
  const codeOf = (page: { body: string }) => /<code>(\w+)<\/code>/.exec(page.body)?.[1];
  let w: SsoEnvironment;
  let trusting: Awaited<ReturnType<SsoEnvironment['replica']>>;
  let byDefault: Awaited<ReturnType<SsoEnvironment['replica']>>;
  beforeAll(async () => {
    w = await SsoEnvironment.start({ OAUTH_EMAIL_CLAIM });
    trusting = await w.replica({
      OAUTH_EMAIL_CLAIM,
      OAUTH_TRUST_UNVERIFIED_EMAIL: 'true',
      OAUTH_ALLOWED_EMAIL_DOMAINS: 'example.com',
    });
    byDefault = await w.replica({});
  });
  afterAll(async () => {
    for (const { t, idp } of [trusting, byDefault]) {
      await t.close();
      await idp.stop();
    }
    await w.stop();
  });

  const address = (domain = 'example.com') => `ada-${randomUUID()}@${domain}`;

  /** The page of a first sign-in with these claims, and the address of the account that it created or joined. */
  async function signInWith(claims: Partial<Account>, at: { t: TestApp; idp: TestIdentityProvider } = w) {
    const account = { sub: randomUUID(), ...claims };
    at.idp.account(account);
    const { page } = await w.signIn(account, at);
    const [login] = await w.t.sql<{ email: string; linked: string }>(
      `select u.email, l.provider_email as linked from login_methods l join users u on u.id = l.user_id
       where l.subject = $1`,
      [account.sub],
    );
    return { status: page.status, code: codeOf(page), ...login };
  }

  it('takes the first claim that holds an address, and of a list the first value', async () => {
    const [upn, email] = [address(), address()];
    const verified = { email, email_verified: true };

    expect(await signInWith({ upn, ...verified })).toMatchObject({ email: upn, linked: upn });
    expect(
      await signInWith({ upn: 'CORP\\ada', emails: [upn.replace('ada', 'b'), upn], ...verified }),
    ).toMatchObject({
      email: upn.replace('ada', 'b'),
    });
    expect(await signInWith({ upn: 'ada', emails: ['ada', upn], ...verified })).toMatchObject({ email });
  });

  it('is the claim email alone by default, where a value that is no address counts as absent', async () => {
    const [upn, preferred_username] = [address(), address()];

    expect(await signInWith({ upn, preferred_username }, byDefault)).toMatchObject({
      ...{ status: 403, code: 'email_claim_missing' },
    });
    expect(await signInWith({ email: 'ada', upn }, byDefault)).toMatchObject({ code: 'email_claim_missing' });
  });

  it('takes over neither an account nor an invitation by a user name that is the address of another user', async () => {
    const victim = await w.t.fixtures.member(w.org, { org: 'ORGANIZATION_ADMIN' });
    const invited = address();
    await w.org.admin.api.post('/api/v1/orgs/current/members', {
      email: invited,
      role_id: roleId('ORGANIZATION_ADMIN'),
    });
    await w.updateOrg({ jit_provisioning_enabled: false });
    const attacker = { email: address('evil.test'), email_verified: true };

    for (const preferred_username of [victim.email, invited]) {
      expect(await signInWith({ ...attacker, preferred_username })).toEqual({
        status: 403,
        code: 'email_verification_unknown',
      });
    }
    await w.updateOrg({ jit_provisioning_enabled: true });
  });

  it('joins an account by an address of another claim only with OAUTH_TRUST_UNVERIFIED_EMAIL', async () => {
    const member = await w.t.fixtures.member(w.org, { org: 'ORGANIZATION_USER' });
    const claims = { upn: member.email };

    expect(await signInWith(claims)).toMatchObject({ status: 403, code: 'email_verification_unknown' });
    expect((await signInWith({ email: member.email, email_verified: false }, trusting)).code).toBe(
      'email_not_verified',
    );
    expect(await signInWith(claims, trusting)).toMatchObject({ status: 302, email: member.email });
  });

  it('counts email_verified about no list of addresses', async () => {
    const member = await w.t.fixtures.member(w.org, { org: 'ORGANIZATION_USER' });
    const email = [member.email, address()] as unknown as string;

    expect((await signInWith({ email, email_verified: true })).code).toBe('email_verification_unknown');
    expect((await signInWith({ email, email_verified: false }, trusting)).code).toBe('email_not_verified');
    expect(await signInWith({ email }, trusting)).toMatchObject({ status: 302, email: member.email });
  });

  it('is the address whose domain has to be an allowed one', async () => {
    const verified = { email: address(), email_verified: true };

    expect((await signInWith({ ...verified, upn: address('evil.test') }, trusting)).code).toBe(
      'email_domain_not_allowed',
    );
  });

  it('names in a test sign-in the claims that are read', async () => {
    const browser = new Browser();
    w.idp.account({ sub: 'the-admin', email: ADMIN.email, email_verified: true });
    await w.idp.logIn(browser, 'the-admin');
    const tester = new SignedInBrowser(w.t, w.org.orgId, browser).copy();
    const person = { sub: randomUUID(), upn: 'ada', emails: ['ada@example.com'] };
    w.idp.account(person);

    const { id, url } = await tester.start();
    await tester.signInAt(w.idp, url!, person);
    const { claims } = (await tester.read(id)).body;

    expect(claims.filter(({ used_for: use }: { used_for: string }) => use === 'email')).toEqual([
      { used_for: 'email', name: 'upn', value: 'ada' },
      { used_for: 'email', name: 'emails', value: '["ada@example.com"]' },
      { used_for: 'email', name: 'preferred_username', value: null },
      { used_for: 'email', name: 'email', value: null },
    ]);
  });
});

describe('groups as providers send them', () => {
  const ENTRA_ID = '0b5f2c1e-8d0a-4c53-9b7e-2f7b1c9d4a10';
  let w: SsoEnvironment;
  let settings: string;
  beforeAll(async () => {
    w = await SsoEnvironment.start({
      OAUTH_GROUP_NAMES: JSON.stringify({
        [ENTRA_ID]: 'Organization Admins',
        tenantry_admin: 'Organization Admins',
      }),
    });
    const { id } = await ssoSettings(w.org, { sso_groups_enabled: true });
    settings = `${SSO_SETTINGS}/${id}`;
  });
  afterAll(() => w.stop());
  beforeEach(() => claimField('groups'));

  async function claimField(sso_groups_claim_field: string): Promise<void> {
    const { status } = await w.org.admin.api.patch(settings, { sso_groups_claim_field });
    if (status !== 200) throw new Error(`changing SSO settings: ${status}`);
  }

  /** The organization role after the first sign-in with these claims. */
  async function roleWith(claims: Partial<Account>): Promise<string | undefined> {
    const person = w.person(claims);
    await w.signIn(person);
    return (await w.workspaceRolesOf(person.email))[0]?.role;
  }

  it.each<[string, unknown, string]>([
    ['the name of a group', ['Organization Admins'], 'Organization Admin'],
    ['a path of Keycloak without a parent', ['/Organization Admins'], 'Organization Admin'],
    ['an id that has a name', [ENTRA_ID], 'Organization Admin'],
    ['an id without a name', [randomUUID()], 'Organization User'],
    ['a path of Keycloak with a parent', ['/interns/Organization Admins'], 'Organization User'],
    ['a subgroup of Keycloak with a prefix', ['/interns/a:Organization Admins'], 'Organization User'],
    ['a top-level group of Keycloak with a prefix', ['/a:Organization Admins'], 'Organization Admin'],
    ['two slashes', ['//Organization Admins'], 'Organization User'],
    ['names of JavaScript', ['__proto__', 'constructor', 'toString'], 'Organization User'],
  ])('gives the right role for %s', async (_, groups, role) => {
    expect(await roleWith({ groups })).toBe(role);
  });

  it('reads a nested claim by its path', async () => {
    await claimField('realm_access.roles');

    expect(await roleWith({ realm_access: { roles: ['Organization Admins'] } })).toBe('Organization Admin');
    expect(await roleWith({ realm_access: { roles: [] } })).toBe('Organization User');
    expect(await roleWith({ groups: ['Organization Admins'] })).toBe('Organization User');
  });

  it("reads Zitadel's object of roles", async () => {
    await claimField('urn:zitadel:iam:org:project:roles');
    const roles = { tenantry_admin: { '237895610532': 'example.zitadel.cloud' } };

    expect(await roleWith({ 'urn:zitadel:iam:org:project:roles': roles })).toBe('Organization Admin');
  });

  it('reads no inherited property as a claim', async () => {
    await claimField('__proto__.constructor');

    expect(await roleWith({ groups: ['Organization Admins'] })).toBe('Organization User');
  });
});
