import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Browser, type Page } from '../support/browser.js';
import { role } from '../support/fixtures.js';
import { signedToken } from '../support/forged-credentials.js';
import { freePort } from '../support/free-port.js';
import { CALLBACK, LOGIN } from '../support/identity-provider.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { ssoSettings, SSO_SETTINGS } from '../support/sso-settings.js';
import { COOKIE } from '../support/sso-session.js';
import { JWT_SECRET, startTestApp } from '../support/test-app.js';
import { SignedInBrowser, stored, TEST_SIGN_IN } from '../support/test-sign-in.js';

let env: SsoEnvironment;
let admin: SignedInBrowser;
beforeAll(async () => {
  env = await SsoEnvironment.start();
  admin = await signIn('the-admin');
});
afterAll(() => env.stop());
beforeEach(() => env.t.sql('delete from rate_windows')); // ten tests a minute

async function signIn(sub: string): Promise<SignedInBrowser> {
  const browser = new Browser();
  await env.idp.logIn(browser, sub);
  return new SignedInBrowser(env.t, env.org.orgId, browser);
}

/** Another Organization Admin, with a session of their own. */
async function anotherAdmin(): Promise<SignedInBrowser> {
  const person = env.person();
  const invited = await env.org.admin.api.post('/api/v1/orgs/current/members', {
    email: person.email,
    role_id: role('ORGANIZATION_ADMIN'),
  });
  expect(invited.status).toBe(200);
  return signIn(person.sub);
}

/** A test of this person from the start to the result. */
async function testAs(person: { sub: string }) {
  const tester = admin.copy();
  const { id, url } = await tester.start();
  const page = await tester.signInAt(env.idp, url!, person);
  return { page, result: (await tester.read(id)).body };
}

async function codeOf(reply: Promise<{ status: number; headers: Headers }>) {
  const { status, headers } = await reply;
  return [status, headers.get('x-error-code')];
}

/** Expects the page of a refused callback, which says nothing about the test. */
function expectRefused({ status, body, headers }: Page): void {
  expect([status, /<code>(\w+)<\/code>/.exec(body)?.[1]]).toEqual([400, 'invalid_login_state']);
  expect(headers.getSetCookie()).toEqual([]);
}

describe('a test sign-in', () => {
  it('says what a new person would get, which is what a sign-in then gives', async () => {
    const person = env.person({ name: 'Cleo', preferred_username: 'cleo' });
    const before = await stored(env.t);

    const { page, result } = await testAs(person);

    expect(await stored(env.t)).toEqual(before);
    expect([page.status, page.body]).toEqual([200, expect.stringContaining('The test has ended')]);
    expect(page.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^tenantry-test-sign-in=; Max-Age=0/),
    ]);
    expect(page.body).not.toMatch(new RegExp(`Cleo|${person.email}|${person.sub}`));
    expect(result).toMatchObject({
      ...{ status: 'passed', failure: null, rule: 'jit', account: 'new', user_id: null },
      ...{ defaults: 'first_workspace', groups_state: 'off', groups: [] },
    });
    expect(result.rights).toMatchObject([
      { workspace_name: null, role_name: 'Organization User', source: 'jit', change: 'added' },
      { workspace_name: 'Workspace 1', role_name: 'Editor', source: 'jit', change: 'added' },
    ]);
    const rights = result.rights.map((right: Record<string, string | null>) => ({
      workspace: right['workspace_name'],
      role: right['role_name'],
      source: right['source'],
    }));
    await env.signIn(person);
    expect(await env.workspaceRolesOf(person.email)).toEqual(rights);
  });

  it('shows the claims that a sign-in reads, and the names of all others', async () => {
    const person = env.person({ name: 'Cleo', given_name: 'C.', groups: ['secret project'] });

    const { result } = await testAs(person);

    expect(result.claims).toEqual([
      { used_for: 'subject', name: 'sub', value: person.sub },
      { used_for: 'email', name: 'email', value: person.email },
      { used_for: 'email_verified', name: 'email_verified', value: 'true' },
      { used_for: 'name', name: 'name', value: 'Cleo' },
      { used_for: 'given_name', name: 'given_name', value: 'C.' },
      { used_for: 'family_name', name: 'family_name', value: null },
      { used_for: 'username', name: 'preferred_username', value: null },
      { used_for: 'acr', name: 'acr', value: null },
      { used_for: 'amr', name: 'amr', value: null },
      { used_for: 'auth_time', name: 'auth_time', value: null },
    ]);
    expect(result.other_claims).toEqual(expect.arrayContaining(['groups', 'iss', 'nonce', 'exp']));
    expect(JSON.stringify(result)).not.toContain('secret project');
  });

  it('accepts no invitation, and says that a sign-in would', async () => {
    const workspace = await env.workspace('Vault');
    const person = env.person();
    const invited = await env.org.admin.api.post('/api/v1/orgs/current/members', {
      email: person.email,
      role_id: role('ORGANIZATION_OPERATOR'),
      workspace_ids: [workspace],
      workspace_role_id: role('WORKSPACE_VIEWER'),
    });
    expect(invited.status).toBe(200);
    const before = await stored(env.t);

    const { result } = await testAs(person);

    expect(await stored(env.t)).toEqual(before);
    expect(result).toMatchObject({ status: 'passed', rule: 'invitation', account: 'new', defaults: null });
    expect(result.rights).toMatchObject([
      { workspace_id: null, role_name: 'Organization Operator', source: 'invitation', change: 'added' },
      { workspace_id: workspace, role_name: 'Viewer', source: 'invitation', change: 'added' },
    ]);
  });

  it('says why the decision refuses a person', async () => {
    const before = await stored(env.t);

    const { result } = await testAs(env.person({ email: env.org.admin.email }));

    expect(await stored(env.t)).toEqual(before);
    expect(result).toMatchObject({
      status: 'refused',
      failure: {
        step: 'decision',
        code: 'account_has_another_login',
        reason: expect.stringContaining('logins:rebind'),
        message: expect.stringContaining('another login'),
      },
      ...{ rule: null, account: null, user_id: env.org.admin.userId },
    });
  });

  it('is waiting until the browser returns, and keeps the result encrypted until it is read once', async () => {
    const [tester, person] = [admin.copy(), env.person()];
    const { id, url } = await tester.start();
    expect((await tester.read(id)).body).toMatchObject({ status: 'waiting', failure: null, claims: [] });

    await tester.signInAt(env.idp, url!, person);

    const [row] = await env.t.sql('select t::text as text from test_sign_ins t where id = $1', [id]);
    expect(row!['text']).not.toMatch(new RegExp(String.raw`${person.email}|passed|eyJ[\w-]+\.`)); // random text may contain eyJ
    const replies = await Promise.all([tester.read(id), tester.read(id), tester.read(id)]);
    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 404, 404]);
    expect(await env.t.sql('select from test_sign_ins where id = $1', [id])).toEqual([]);
  });

  it('is a reading entry of the audit log, and no login', async () => {
    const [{ position: since }] = (await env.t.sql(
      'select max(position) as position from audit_entries',
    )) as [{ position: string }];
    const tester = admin.copy();
    const { id, url } = await tester.start();
    await tester.signInAt(env.idp, url!, env.person());
    await tester.read(id);

    const entries = await env.t.sql(
      `select operation, succeeded, resource_ids, details->>'test_sign_in' as test from audit_entries where position > $1`,
      [since],
    );
    expect(entries).toEqual([
      { operation: 'get_sso_settings_current', succeeded: true, resource_ids: [id], test: 'started' },
    ]);
  });

  it('passes a form that the provider posts on to the callback by GET', async () => {
    const tester = admin.copy();
    const { id, url } = await tester.start();
    const callback = new URL(await tester.callbackOf(env.idp, url!, env.person()));
    const form = Object.fromEntries(callback.searchParams);

    const posted = await new Browser().open(`${env.t.url}${CALLBACK}`, { form });

    expect([posted.status, posted.location]).toEqual([
      303,
      expect.stringContaining(`${CALLBACK}?state=test-`),
    ]);
    expect((await tester.browser.open(posted.location!)).status).toBe(200);
    expect((await tester.read(id)).body.status).toBe('passed');
  });

  it('fails with a wrong client secret', async () => {
    const wrong = await env.replica({ OAUTH_CLIENT_SECRET: 'wrong' });
    try {
      const browser = new Browser();
      for (const [name, value] of Object.entries(admin.browser.cookies(env.t.url)))
        browser.setCookie(wrong.t.url, name, value);
      const tester = new SignedInBrowser(wrong.t, env.org.orgId, browser);
      const { id, url } = await tester.start();

      await tester.signInAt(wrong.idp, url!, wrong.idp.account({ sub: 'ada', email: 'ada@example.com' }));

      expect((await tester.read(id)).body).toMatchObject({
        status: 'failed',
        failure: { step: 'token_endpoint', code: 'client_authentication_rejected', reason: 'invalid_client' },
      });
    } finally {
      await wrong.t.close();
      await wrong.idp.stop();
    }
  });

  it('may return to another replica than it started on', async () => {
    const port = String(await freePort());
    const other = await startTestApp({ ...env.environment, PORT: port }, env.t.databaseUrl);
    try {
      const tester = admin.copy();
      const { id, url } = await tester.start();
      const callback = await tester.callbackOf(env.idp, url!, env.person());
      const there = callback.replace(env.t.url, other.url);
      for (const [name, value] of Object.entries(tester.browser.cookies(env.t.url)))
        tester.browser.setCookie(other.url, name, value);

      expect((await tester.browser.open(there)).status).toBe(200);
      expect((await tester.read(id)).body.status).toBe('passed');
    } finally {
      await other.close();
    }
  });
});

describe('a test sign-in with groups', () => {
  let settingsId: string;
  beforeEach(async () => {
    ({ id: settingsId } = await ssoSettings(env.org, { sso_groups_enabled: true }));
  });
  afterEach(() => env.org.admin.api.delete(`${SSO_SETTINGS}/${settingsId}`));

  it('says what each group means, what would be given, and what would be taken', async () => {
    const workspace = await env.workspace('Ledger');
    const person = env.person({ groups: ['LS:Organization User:Ledger:Viewer'] });
    await env.signIn(person);
    env.idp.account({ ...person, groups: ['LS:Organization Admins', 'Unknown group'] });
    const before = await stored(env.t);

    const { result } = await testAs(person);

    expect(await stored(env.t)).toEqual(before);
    expect(result).toMatchObject({ status: 'passed', rule: 'existing_access', groups_state: 'with_roles' });
    expect(result.claims).toContainEqual({
      ...{ used_for: 'groups', name: 'groups' },
      value: '["LS:Organization Admins","Unknown group"]',
    });
    expect(result.groups).toMatchObject([
      { name: 'LS:Organization Admins', meaning: 'admin', is_followed: false },
      { name: 'Unknown group', meaning: 'malformed', workspace_id: null, role_name: null },
    ]);
    expect(result.rights).toContainEqual(
      expect.objectContaining({ role_name: 'Organization Admin', source: 'sso_group', change: 'changed' }),
    );
    expect(result.rights).toContainEqual(
      expect.objectContaining({ workspace_id: workspace, role_name: 'Viewer', change: 'removed' }),
    );
  });
});

describe('who may test', () => {
  it('is an Organization Admin with a session and an allowed origin, in the default organization', async () => {
    const operator = await env.member(env.org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const other = await env.orgWithAdmin();
    const unknown = '01900000-0000-7000-8000-000000000000';

    expect(await codeOf(operator.api.post(TEST_SIGN_IN))).toEqual([403, 'only_admins_test_sign_in']);
    expect(await codeOf(operator.api.get(`${TEST_SIGN_IN}/${unknown}`))).toEqual([
      403,
      'only_admins_test_sign_in',
    ]);
    expect(await codeOf(env.org.admin.api.post(TEST_SIGN_IN))).toEqual([403, 'session_required']);
    expect(await codeOf(admin.send('POST', TEST_SIGN_IN, { origin: 'https://evil.test' }))).toEqual([
      403,
      'cross_site_request',
    ]);
    expect(await codeOf(other.admin.api.post(TEST_SIGN_IN))).toEqual([409, 'not_the_default_org']);
    expect(await codeOf(admin.read(unknown))).toEqual([404, 'test_sign_in_not_found']);
    expect(await codeOf(admin.read('no-id'))).toEqual([422, 'validation_failed']);
  });

  it('may be an admin with break-glass access, for when single sign-on fails', async () => {
    const roles = { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' } as const;
    const { userId } = await env.t.fixtures.member(env.org, roles);
    const [session] = await env.t.sql<{ id: string }>(
      `update sessions set method = 'break-glass' where user_id = $1 returning id`,
      [userId],
    );
    const iat = Math.floor(Date.now() / 1000);
    const claims = {
      sub: userId,
      sid: session!.id,
      iss: 'tenantry',
      aud: 'tenantry-api',
      iat,
      exp: iat + 600,
    };
    const browser = new Browser();
    browser.setCookie(env.t.url, COOKIE, signedToken(claims, JWT_SECRET));
    const tester = new SignedInBrowser(env.t, env.org.orgId, browser);

    const { id, url } = await tester.start();
    await tester.signInAt(env.idp, url!, env.person());

    expect((await tester.read(id)).body.status).toBe('passed');
  });

  it('needs an allowed origin with the token of a session in a header, too, since a cookie is set', async () => {
    const token = await env.t.fixtures.member(env.org, {
      org: 'ORGANIZATION_ADMIN',
      workspace: 'WORKSPACE_ADMIN',
    });
    await env.t.sql(`update sessions set method = 'break-glass' where user_id = $1`, [token.userId]);

    expect(await codeOf(token.api.post(TEST_SIGN_IN))).toEqual([403, 'cross_site_request']);
    const headers = { origin: env.t.url };
    expect((await token.api.post(TEST_SIGN_IN, undefined, { headers })).status).toBe(201);
  });

  it('may start ten tests a minute', async () => {
    const tester = await anotherAdmin();
    const statuses = [];
    for (let count = 0; count < 11; count++) statuses.push((await tester.send('POST', TEST_SIGN_IN)).status);

    expect(statuses).toEqual([...Array<number>(10).fill(201), 429]);
  });
});

describe('a test sign-in in the wrong hands', () => {
  it('ends without effect in the browser of a victim who opens the link', async () => {
    const [attacker, victim] = [admin.copy(), await anotherAdmin()];
    const { id, url } = await attacker.start();
    const before = await stored(env.t);
    const asked: string[] = [];
    env.idp.interfere = (path) => (asked.push(path), null);

    expectRefused(await victim.copy().signInAt(env.idp, url!, env.person()));
    expectRefused(await new SignedInBrowser(env.t, '', new Browser()).signInAt(env.idp, url!, env.person()));

    env.idp.interfere = () => null;
    expect(asked).not.toContain('/token');
    expect(await stored(env.t)).toEqual(before);
    expect((await attacker.read(id)).body).toMatchObject({ status: 'waiting', claims: [] });
  });

  it('ends without effect where the attacker could plant the cookie, too', async () => {
    const [attacker, victim] = [admin.copy(), (await anotherAdmin()).copy()];
    const { id, url } = await attacker.start();
    const name = 'tenantry-test-sign-in';
    victim.browser.setCookie(env.t.url, name, attacker.browser.cookies(env.t.url)[name]!);

    expectRefused(await victim.signInAt(env.idp, url!, env.person()));

    expect((await attacker.read(id)).body.status).toBe('waiting');
  });

  it('ends without effect when the admin opens a callback of an attacker, and keeps the own test', async () => {
    const attacker = (await anotherAdmin()).copy();
    const { url: prepared } = await attacker.start();
    const foreign = await attacker.callbackOf(env.idp, prepared!, env.person());
    const tester = admin.copy();
    const { id, url } = await tester.start();

    expectRefused(await tester.browser.open(foreign));

    expect((await tester.read(id)).body.status).toBe('waiting');
    const person = env.person();
    await tester.signInAt(env.idp, url!, person);
    expect((await tester.read(id)).body.claims[0]).toMatchObject({ value: person.sub });
  });

  it('ends without effect when the code of another login is put beside the own state', async () => {
    const { url: login } = await env.signInUntilCallback(env.person());
    const tester = admin.copy();
    const { id, url } = await tester.start();
    const callback = new URL(await tester.callbackOf(env.idp, url!, env.person()));
    callback.searchParams.set('code', new URL(login).searchParams.get('code')!);

    await tester.browser.open(callback.href);

    expect((await tester.read(id)).body).toMatchObject({
      ...{ status: 'failed', claims: [] },
      failure: { step: 'token_endpoint', code: 'authorization_code_rejected' },
    });
  });

  it('ends without effect when the session has ended meanwhile', async () => {
    const tester = (await anotherAdmin()).copy();
    const { id, url } = await tester.start();
    const callback = await tester.callbackOf(env.idp, url!, env.person());
    expect((await tester.send('DELETE', '/api/v1/me/sessions')).status).toBe(204);

    expectRefused(await tester.browser.open(callback));

    expect((await tester.read(id)).status).toBe(401);
    expect(await env.t.sql('select from test_sign_ins where id = $1', [id])).toEqual([]);
  });

  it('is gone when the session ends before the result was read', async () => {
    const tester = (await anotherAdmin()).copy();
    const { id, url } = await tester.start();
    await tester.signInAt(env.idp, url!, env.person());
    await tester.send('DELETE', '/api/v1/me/sessions');

    expect(await env.t.sql('select from test_sign_ins where id = $1', [id])).toEqual([]);
  });

  it('returns once, also when the callback is opened twice at the same time', async () => {
    const tester = admin.copy();
    const { id, url } = await tester.start();
    const callback = await tester.callbackOf(env.idp, url!, env.person());
    const [one, two] = [tester.copy(), tester.copy()];

    const pages = await Promise.all([one, two].map(({ browser }) => browser.open(callback)));
    expectRefused(await tester.copy().browser.open(callback));

    expect(pages.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 400]);
    expect((await tester.read(id)).body.status).toBe('passed');
  });

  it('is over after ten minutes', async () => {
    const tester = admin.copy();
    const { id, url } = await tester.start();
    const callback = await tester.callbackOf(env.idp, url!, env.person());
    await env.t.sql(`update test_sign_ins set expires_at = now() where id = $1`, [id]);

    expectRefused(await tester.browser.open(callback));
    expect((await tester.read(id)).status).toBe(404);
  });

  it('is read by the session that asked, in the organization in which it asked', async () => {
    const tester = admin.copy();
    const { id, url } = await tester.start();
    await tester.signInAt(env.idp, url!, env.person());
    const { status, body: own } = await env.t.api.send(
      'POST',
      '/api/v1/orgs',
      { display_name: 'Own', is_personal: false },
      {
        headers: { ...admin.browser.cookieHeader(env.t.url), origin: env.t.url },
      },
    );
    expect(status).toBe(200);

    const others = [await signIn('the-admin'), await anotherAdmin()].map((other) => other.read(id));
    const elsewhere = tester.read(id, { 'x-organization-id': own.id });

    const replies = await Promise.all([...others, elsewhere]);
    expect(replies.map((reply) => reply.status)).toEqual([404, 404, 404]);
    expect((await tester.read(id)).body.status).toBe('passed');
  });
});

describe('the state of a test and that of a sign-in', () => {
  const TEST_COOKIE = 'tenantry-test-sign-in';

  it('a sign-in is not completed with the state of a test', async () => {
    const tester = admin.copy();
    const { id, url } = await tester.start();
    const callback = await tester.callbackOf(env.idp, url!, env.person());
    const before = await stored(env.t);
    const browser = new Browser();
    const state = new URL(callback).searchParams.get('state')!;
    const value = tester.browser.cookies(env.t.url)[TEST_COOKIE]!;
    for (const slot of ['t', ...'01234567']) browser.setCookie(env.t.url, `tenantry-sign-in-${slot}`, value);

    expectRefused(await browser.open(callback));
    const url2 = new URL(callback);
    for (const slot of '01234567') {
      url2.searchParams.set('state', `${slot}${state.slice(1)}`);
      expectRefused(await browser.open(url2.href));
    }

    expect(await stored(env.t)).toEqual(before);
    expect((await tester.read(id)).body.status).toBe('waiting');
  });

  it('a test is not completed with the state of a sign-in', async () => {
    const tester = admin.copy();
    const { id } = await tester.start();
    const other = new Browser();
    const login = (await env.idp.untilCallback(other, env.person().sub)).location!;
    const [, value] = Object.entries(other.cookies(env.t.url)).find(([name]) =>
      name.startsWith('tenantry-sign-in-'),
    )!;
    const before = await stored(env.t);
    tester.browser.setCookie(env.t.url, TEST_COOKIE, value);

    expectRefused(await tester.browser.open(login));
    const renamed = new URL(login);
    renamed.searchParams.set('state', `test-${renamed.searchParams.get('state')!}`);
    expectRefused(await tester.browser.open(renamed.href));

    expect(await stored(env.t)).toEqual(before);
    expect((await tester.read(id)).body.status).toBe('waiting');
  });

  it('leaves a sign-in in the same browser as it is', async () => {
    const tester = admin.copy();
    const person = env.person();
    const start = await tester.browser.open(`${env.t.url}${LOGIN}`);
    const { id, url } = await tester.start();
    await tester.signInAt(env.idp, url!, person);
    expect((await tester.read(id)).body.status).toBe('passed');

    expect((await env.idp.finish(tester.browser, start, person.sub)).status).toBe(302);
  });
});
