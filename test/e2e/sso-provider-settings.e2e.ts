import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Browser } from '../support/browser.js';
import { HostileProvider } from '../support/hostile-provider.js';
import { freePort } from '../support/free-port.js';
import { type Account, LOGIN } from '../support/identity-provider.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { SSO_SETTINGS, ssoSettings } from '../support/sso-settings.js';
import { startTestApp } from '../support/test-app.js';

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
