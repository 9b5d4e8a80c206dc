import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import { Browser } from '../support/browser.js';
import { basicAuth } from '../support/forged-credentials.js';
import { freePort } from '../support/free-port.js';
import { CALLBACK, LOGIN, TestIdentityProvider } from '../support/identity-provider.js';
import { loggedDuring } from '../support/server-host.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';

const ME = '/api/v1/orgs?skip_create=true';
const HEALTH = '/api/v1/info/health';

let t: TestApp;
let idp: TestIdentityProvider;
beforeAll(async () => {
  idp = await TestIdentityProvider.start({ appUrl: `http://127.0.0.1:${await freePort()}` });
  t = await startTestApp(idp.environment);
  idp.account({ sub: 'ada', email: 'ada@example.com', email_verified: true, name: 'Ada Lovelace' });
});
afterAll(async () => {
  await t.close();
  await idp.stop();
});

/** Runs `work` with a second server on the same database, with its own address and provider. */
async function withSecondServer<T>(
  make: (provider: TestIdentityProvider) => Record<string, string>,
  work: (app: TestApp, provider: TestIdentityProvider) => Promise<T>,
): Promise<T> {
  const provider = await TestIdentityProvider.start({ appUrl: `http://127.0.0.1:${await freePort()}` });
  const app = await startTestApp(make(provider), t.databaseUrl);
  try {
    return await work(app, provider);
  } finally {
    await app.close();
    await provider.stop();
  }
}

const loginOf = (app: TestApp, sub: string) =>
  app.sql<{ subject: string; issuer: string; email: string }>(
    `select subject, issuer, email from login_methods join users on users.id = user_id where email = $1
       and provider = 'custom-oidc'`,
    [`${sub}@example.com`],
  );

describe('a login at the identity provider', () => {
  it('sends state, nonce and PKCE challenge that bind the response to this browser', async () => {
    const browser = new Browser();

    const { status, location, headers } = await browser.open(`${t.url}${LOGIN}`);

    expect(status).toBe(302);
    const { origin, pathname, searchParams } = new URL(location!);
    expect(`${origin}${pathname}`).toBe(`${idp.issuer}/auth`);
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: idp.environment['OAUTH_CLIENT_ID'],
      redirect_uri: `${t.url}${CALLBACK}`,
      scope: 'openid email profile',
      state: expect.stringMatching(/^\d[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    expect(location).toContain('scope=openid+email+profile');
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^tenantry-sign-in-\d=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
  });

  it('redirects to the requested path with a session cookie and without the login cookie', async () => {
    const browser = new Browser();

    const page = await idp.logIn(browser, 'ada', { redirectTo: '/settings?tab=members' });

    expect(page).toMatchObject({ status: 302, location: `${t.url}/settings?tab=members` });
    expect(Object.keys(browser.cookies(t.url))).toEqual(['tenantry_session']);
    const { status, body } = await t.api.get(ME, { headers: browser.cookieHeader(t.url) });
    expect([status, body.length]).toEqual([200, 1]);
    expect(await loginOf(t, 'ada')).toEqual([
      { subject: 'ada', issuer: idp.issuer, email: 'ada@example.com' },
    ]);
  });

  it('redirects to the start page when the requested address is on another origin', async () => {
    const page = await idp.logIn(new Browser(), 'ada', { redirectTo: '//evil.example.com' });

    expect(page).toMatchObject({ status: 302, location: `${t.url}/` });
  });

  it('a login can be in progress in several tabs', async () => {
    const browser = new Browser();
    const tabs = [];
    for (const tab of [0, 1, 2]) tabs.push(await browser.open(`${t.url}${LOGIN}?redirect_to=/${tab}`));

    const places = [];
    for (const tab of tabs) places.push((await idp.finish(browser, tab, 'ada')).location);

    expect(places).toEqual([0, 1, 2].map((tab) => `${t.url}/${tab}`));
  });

  it.each([CALLBACK, '/oauth-callback'])(
    'accepts the response of the provider as a form: POST %s',
    async (path) => {
      const browser = new Browser();
      const { location } = await idp.untilCallback(browser, 'ada');

      const form = Object.fromEntries(new URL(location!).searchParams);
      const page = await browser.open(`${t.url}${path}`, { form, headers: { origin: idp.issuer } });

      expect(page).toMatchObject({ status: 302, location: `${t.url}/` });
      expect(browser.cookies(t.url)).toHaveProperty('tenantry_session');
    },
  );

  it('writes no secret to the logs', async () => {
    const browser = new Browser();

    const logs = await loggedDuring(() => idp.logIn(browser, 'ada'));
    const ofOtherTests = /\(\d+ more\)/; // repetitions of a warning are counted a second later

    expect(logs.split('\n').filter((line) => line !== '' && !ofOtherTests.test(line))).toEqual([]);
  });
});

describe('other settings of the OAuth client', () => {
  it('signs in without a client secret, by PKCE alone', async () => {
    await withSecondServer(
      (provider) => provider.publicClientEnvironment,
      async (app, provider) => {
        provider.account({ sub: 'grace', email: 'grace@example.com', email_verified: true });
        expect(await provider.logIn(new Browser(), 'grace')).toMatchObject({
          status: 302,
          location: `${app.url}/`,
        });
      },
    );
  });

  it('signs in with other scopes, spaces encoded as %20, and another subject claim', async () => {
    const environment = (provider: TestIdentityProvider) => ({
      ...provider.environment,
      OAUTH_SCOPES: 'openid,email,offline_access',
      OAUTH_URL_ENCODE_SCOPE_SPACES: 'true',
      ISSUER_SUB_CLAIM_OVERRIDES: JSON.stringify({ [provider.issuer]: 'oid' }),
    });
    await withSecondServer(environment, async (app, provider) => {
      provider.account({
        sub: 'pairwise',
        oid: 'the-person',
        email: 'edith@example.com',
        email_verified: true,
      });
      const browser = new Browser();
      const { location } = await browser.open(`${app.url}${LOGIN}`);
      expect(location).toMatch(/[?&]scope=openid%20email%20offline_access(&|$)/);

      expect((await provider.logIn(browser, 'pairwise')).status).toBe(302);

      expect(await loginOf(app, 'edith')).toMatchObject([{ subject: 'the-person', issuer: provider.issuer }]);
    });
  });
});

describe('a provider that is unavailable when the server starts', () => {
  it('an unavailable provider is reported by the login page and by the health check until it is available', async () => {
    const port = await freePort();
    const appUrl = `http://127.0.0.1:${await freePort()}`;
    const issuer = `http://127.0.0.1:${port}`;
    const app = await startTestApp(
      { ...idp.environment, OAUTH_ISSUER_URL: issuer, LANGSMITH_URL: appUrl, PORT: new URL(appUrl).port },
      t.databaseUrl,
    );
    const health = async () => (await app.api.get(HEALTH)).body.identity_provider_reachable;

    const page = await new Browser().open(`${app.url}${LOGIN}`);
    const [ok, asked] = [await app.api.get('/api/v1/ok'), await health()];
    const provider = await TestIdentityProvider.start({ appUrl, port });
    await until(async () => (await health()) === true);
    provider.account({ sub: 'ada', email: 'joan@example.com', email_verified: true });
    const login = await provider.logIn(new Browser(), 'ada');
    await app.close();
    await provider.stop();

    expect([page.status, ok.status, asked]).toEqual([502, 200, false]);
    expect(page.body).toContain('The identity provider is not available');
    expect(login.status).toBe(302);
  });
});

describe('a failed login at the identity provider', () => {
  it('shows browsers a page without external resources that is not cached', async () => {
    const { status, headers, body } = await new Browser().open(`${t.url}${CALLBACK}?state=a&code=b`);

    expect(status).toBe(400);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[^']+'; .*frame-ancestors 'none'$/,
      ),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    expect(body).toMatch(/^<!doctype html>/);
    expect(body).toContain(`href="${t.url}${LOGIN}"`);
    expect(body).not.toMatch(/<script|<img|<link|@import|url\(/);
  });

  it('returns JSON to clients other than browsers', async () => {
    const { status, body } = await t.api.get(`${CALLBACK}?state=a&code=b`);

    expect({ status, body }).toEqual({
      status: 400,
      body: { detail: expect.stringContaining('Start again') },
    });
  });

  it('names who can give access when the user has none', async () => {
    idp.account({ sub: 'eve', email: 'eve@example.com', email_verified: true, name: '<b>Eve</b>' });
    const { admin } = await adminByKey();
    await admin.patch('/api/v1/orgs/current/info', { jit_provisioning_enabled: false });

    const page = await idp.logIn(new Browser(), 'eve');
    await admin.patch('/api/v1/orgs/current/info', { jit_provisioning_enabled: true });

    expect(page.status).toBe(403);
    expect(page.body).toMatch(/you have no access here[^]*Ask an organization admin/);
    expect(page.headers.getSetCookie()).toEqual([]);
  });

  it('is refused while eight others of the browser are under way, none of which it ends', async () => {
    const browser = new Browser();
    const started = await idp.untilCallback(browser, 'ada');
    for (let tab = 0; tab < 7; tab++) expect((await browser.open(`${t.url}${LOGIN}`)).status).toBe(302);

    const ninth = await browser.open(`${t.url}${LOGIN}`);

    expect(ninth.status).toBe(429);
    expect(ninth.headers.get('x-error-code')).toBe('too_many_sign_ins');
    expect(Number(ninth.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(ninth.body).toMatch(/Too many sign-ins[^]*finish one of them in its tab/i);
    expect(ninth.headers.getSetCookie()).toEqual([]);
    const landed = await browser.follow(await browser.open(started.location!));
    expect(landed.status).not.toBe(400);
    expect(browser.cookies(t.url)).toHaveProperty('tenantry_session');
  });

  it('counts toward the rate limit of its address, and the page says when to try again', async () => {
    await withSecondServer(
      (provider) => ({ ...provider.environment, RATE_LIMIT_LOGINS_PER_MINUTE: '2' }),
      async (app) => {
        const statuses = [];
        for (let attempt = 0; attempt < 3; attempt++)
          statuses.push((await new Browser().open(`${app.url}${LOGIN}`)).status);
        const callback = await new Browser().open(`${app.url}${CALLBACK}?state=a&code=b`);
        const again = await new Browser().open(`${app.url}${LOGIN}`);

        expect(statuses).toEqual([302, 302, 429]);
        expect(callback.status).toBe(400); // the callback of a login that has started is not limited
        expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(0);
        expect(again.body).toContain('Too many sign-ins');
      },
    );
  });
});

/** A key of the first admin, who cannot log in by password. */
async function adminByKey() {
  idp.account({ sub: 'admin', email: ADMIN.email, email_verified: true });
  const browser = new Browser();
  await idp.logIn(browser, 'admin');
  const headers = { ...browser.cookieHeader(t.url), origin: t.url };
  const { body: orgs } = await t.api.get(ME, { headers });
  const { body } = await t.api.post('/api/v1/orgs/current/personal-access-tokens', {}, { headers });
  return { admin: t.api.as({ key: body.key, orgId: orgs[0].id }) };
}

describe('a new installation with single sign-on', () => {
  it('does not start without the address of its first admin', async () => {
    const noAdmin = { INITIAL_ORG_ADMIN_EMAIL: '', INITIAL_ORG_ADMIN_PASSWORD: '', PORT: '0' };

    await expect(startTestApp({ ...idp.environment, ...noAdmin })).rejects.toThrow(
      /INITIAL_ORG_ADMIN_EMAIL.* is needed/,
    );
  });

  it('a new installation has a first admin without a password, who signs in at the provider', async () => {
    await adminByKey();
    const passwords = await t.sql('select * from passwords');
    const [admin] = await t.sql(
      `select r.name from login_methods l join org_memberships m using (user_id) join roles r on r.id = m.role_id
       where l.subject = 'admin'`,
    );

    expect(passwords).toEqual([]);
    expect(admin).toEqual({ name: 'ORGANIZATION_ADMIN' });
  });
});

describe('an installation that was used with passwords', () => {
  it('an installation with passwords keeps users and keys when single sign-on is configured, and refuses passwords from then on', async () => {
    const before = await startTestApp();
    const org = await before.fixtures.defaultOrg();
    const person = await before.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    const { body: pat } = await person.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    const token = await before.fixtures.login(person.email, person.password);
    await before.close();
    const provider = await TestIdentityProvider.start({ appUrl: `http://127.0.0.1:${await freePort()}` });
    const after = await startTestApp(provider.environment, before.databaseUrl);
    provider.account({ sub: 'person', email: person.email.toUpperCase(), email_verified: true });
    const browser = new Browser();

    const login = await after.api.post('/api/v1/login', undefined, {
      headers: basicAuth(person.email, person.password),
    });
    const byToken = await after.api.as({ token }).get(ME);
    const byKey = await after.api.as({ key: pat.key }).get('/api/v1/workspaces');
    const page = await provider.logIn(browser, 'person');
    const cookie = { ...browser.cookieHeader(after.url), origin: after.url };
    const change = await after.api.patch(
      '/api/v1/orgs/members/basic',
      { password: 'Correct-Horse-Battery' },
      { headers: cookie },
    );
    const rename = await after.api.patch(
      '/api/v1/orgs/members/basic',
      { full_name: 'Ada' },
      { headers: cookie },
    );
    const users = await after.sql('select user_id from login_methods where subject = $1', ['person']);
    await after.close();
    await provider.stop();

    expect(login).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('Passwords are not used here') },
    });
    expect([byToken.status, byKey.status, page.status]).toEqual([401, 200, 302]);
    expect([change.status, rename.status]).toEqual([403, 200]);
    expect(users).toEqual([{ user_id: person.userId }]);
  });

  it('returns 404 for single sign-on before it is configured', async () => {
    const app = await startTestApp();

    const [login, callback] = [
      await app.api.get(LOGIN),
      await new Browser().open(`${app.url}${CALLBACK}?code=a&state=b`),
    ];
    const { body: health } = await app.api.get(HEALTH);
    await app.close();

    expect(login).toMatchObject({ status: 404, body: { detail: expect.stringContaining('not set up') } });
    expect(callback.status).toBe(404);
    expect(health).not.toHaveProperty('identity_provider_reachable');
  });
});
