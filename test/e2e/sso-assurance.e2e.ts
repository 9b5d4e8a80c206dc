import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import { Browser, type Page } from '../support/browser.js';
import { type Account, LOGIN } from '../support/identity-provider.js';
import { role } from '../support/fixtures.js';
import { adminIn } from '../support/server-host.js';
import { SsoEnvironment } from '../support/sso-environment.js';
import { SignedInBrowser, TEST_SIGN_IN } from '../support/test-sign-in.js';
import { ADMIN } from '../support/test-app.js';

const INFO = '/api/v1/orgs/current/info';
const CREDENTIALS = '/api/v1/orgs/current/credentials';
const TOKENS = '/api/v1/orgs/current/personal-access-tokens';
const STRONG = { acr: 'gold', amr: ['pwd', 'otp'] };
const REQUIRED = { required_acr: ['gold', 'silver'], required_amr: ['otp'], max_authentication_age: 3600 };
const NONE = { required_acr: [], required_amr: null, max_authentication_age: null };

type Requirement = Omit<typeof REQUIRED, 'max_authentication_age'> & {
  max_authentication_age: number | null;
};

let w: SsoEnvironment;
beforeAll(async () => {
  w = await SsoEnvironment.start();
});
afterAll(() => w.stop());
afterEach(() => require({ required_acr: [], required_amr: [], max_authentication_age: null }));

/** What organization requires it, by default the default one; without the rules of the API. */
const require = ({ required_acr, required_amr, max_authentication_age }: Requirement, orgId = w.org.orgId) =>
  w.t.sql(
    `update organizations set required_acr = $1, required_amr = $2, max_authentication_age = $3 where id = $4`,
    [required_acr, required_amr, max_authentication_age, orgId],
  );

/** A browser that has signed in, and its requests to an organization. */
async function signIn(account: Account, query: Record<string, string> = {}, orgId = w.org.orgId) {
  const browser = new Browser();
  const loginUrl = `${w.t.url}${LOGIN}?${new URLSearchParams(query)}`;
  const page = await w.idp.logIn(browser, account.sub, { loginUrl });
  const ask = (method: string, path: string, body?: unknown) =>
    w.t.api.send(method, path, body, {
      headers: { ...browser.cookieHeader(w.t.url), origin: w.t.url, 'x-organization-id': orgId },
    });
  return { browser, page, ask };
}

const admin = (more: Partial<Account> = {}) =>
  w.idp.account({ sub: 'the-admin', email: ADMIN.email, email_verified: true, ...more });
const codeOf = ({ headers }: { headers: Headers }) => headers.get('x-error-code');
const startOf = async (query: Record<string, string> = {}) => {
  const { location } = await new Browser().open(`${w.t.url}${LOGIN}?${new URLSearchParams(query)}`);
  const { acr_values, max_age, prompt } = Object.fromEntries(new URL(location!).searchParams);
  return { acr_values, max_age, prompt };
};
const textOf = ({ body }: Page) => body.replace(/<style>[^]*<\/style>|<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const retryOf = ({ body }: Page) =>
  new URL(/class="first" href="([^"]+)"/.exec(body)![1]!.replaceAll('&#38;', '&')).searchParams;

describe('a sign-in while the default organization requires something of it', () => {
  it('asks the provider for it, and the session keeps what the signed ID token says', async () => {
    await require(REQUIRED);
    expect(await startOf()).toEqual({ acr_values: 'gold silver', max_age: '3600', prompt: undefined });

    const person = w.person({ acr: 'silver', amr: ['pwd', 'otp'] });
    const { page, ask } = await signIn(person);

    expect(page.status).toBe(302);
    expect((await ask('GET', INFO)).status).toBe(200);
    const { body } = await ask('GET', '/api/v1/me/sessions');
    expect(body).toMatchObject([{ acr: 'silver', amr: ['pwd', 'otp'], is_current: true }]);
    expect(Date.now() - Date.parse(body[0].authenticated_at)).toBeLessThan(60_000);
  });

  it.each([
    ['another authentication context', { acr: 'bronze' }, 'authentication_too_weak', /stronger sign-in/],
    ['no authentication context', { acr: undefined }, 'authentication_too_weak', /stronger sign-in/],
    ['fewer methods', { amr: ['pwd'] }, 'authentication_methods_missing', /more sign-in methods/],
    ['no methods', { amr: undefined }, 'authentication_methods_missing', /more sign-in methods/],
  ])('is refused for %s, with a page that says what is missing', async (_, claims, code, text) => {
    await require(REQUIRED);
    const person = w.person({ ...STRONG, ...claims });

    const { page, browser } = await signIn(person, { redirect_to: '/settings' });

    expect([page.status, codeOf(page)]).toEqual([403, code]);
    expect(textOf(page)).toMatch(text);
    expect(textOf(page)).not.toMatch(/gold|silver|bronze|otp|pwd|required_/);
    expect(Object.fromEntries(retryOf(page))).toEqual({ redirect_to: '/settings', prompt: 'login' });
    expect(browser.cookies(w.t.url)['tenantry_session']).toBeUndefined();
    expect(await w.workspaceRolesOf(person.email)).toEqual([]);
    expect((await w.logins())[0]).toMatchObject({ succeeded: false, details: { method: 'sso' } });
  });

  it('is refused if the provider does not say when it was', async () => {
    await require({ required_acr: [], required_amr: [], max_authentication_age: 300 });
    const browser = new Browser();
    const { location } = await browser.open(`${w.t.url}${LOGIN}`);
    const url = new URL(location!);
    url.searchParams.delete('max_age');

    const page = await w.idp.finish(browser, await browser.open(url.href), w.person().sub);

    expect([page.status, codeOf(page)]).toEqual([403, 'authentication_too_old']);
    expect(textOf(page)).toMatch(/recent sign-in/);
  });

  it('is refused if it is older than the link asks for, or the provider does not say', async () => {
    const browser = new Browser();
    const { location } = await browser.open(`${w.t.url}${LOGIN}?max_age=600`);
    const url = new URL(location!);
    url.searchParams.delete('max_age');

    const page = await w.idp.finish(browser, await browser.open(url.href), w.person().sub);

    expect([page.status, codeOf(page)]).toEqual([403, 'authentication_too_old']);
    expect((await signIn(w.person(), { max_age: '0' })).page.status).toBe(302);
  });

  it('lets a link ask for more, never for less', async () => {
    expect(await startOf({ acr_values: 'gold', max_age: '600' })).toMatchObject({
      acr_values: 'gold',
      max_age: '600',
    });
    expect(await startOf({ acr_values: 'a"b', max_age: '-1', prompt: 'none' })).toEqual({});
    await require(REQUIRED);
    expect(await startOf({ acr_values: 'bronze', max_age: '86400', prompt: 'login' })).toEqual({
      acr_values: 'gold silver',
      max_age: '3600',
      prompt: 'login',
    });
    expect(await startOf({ max_age: '60' })).toMatchObject({ max_age: '60' });
  });
});

describe('a sign-in that names an organization', () => {
  it('has to meet the requirement of that organization', async () => {
    const { orgId } = await w.orgWithAdmin();
    await require({ ...REQUIRED, required_acr: ['gold'] }, orgId);
    const named = { organization_id: orgId };

    expect(await startOf(named)).toMatchObject({ acr_values: 'gold', max_age: '3600' });
    const refused = await signIn(w.person({ ...STRONG, acr: 'silver' }), named);
    expect([refused.page.status, codeOf(refused.page)]).toEqual([403, 'authentication_too_weak']);
    expect(Object.fromEntries(retryOf(refused.page))).toEqual({ ...named, prompt: 'login' });
    expect((await signIn(w.person(STRONG), named)).page.status).toBe(302);
    expect((await signIn(w.person())).page.status).toBe(302);
  });

  it('requires nothing for an organization that does not exist', async () => {
    expect(await startOf({ organization_id: randomUUID() })).toEqual({});
    expect(await startOf({ organization_id: 'nonsense' })).toEqual({});
  });
});

describe('a request with a session that does not meet the requirement', () => {
  it('returns 401 with the challenge of RFC 9470 in that organization, and is served elsewhere', async () => {
    const { ask } = await signIn(w.person());
    const { body: token } = await ask('POST', TOKENS, {});
    expect((await ask('GET', INFO)).status).toBe(200);

    await require(REQUIRED);

    for (const [method, path] of [
      ['GET', INFO],
      ['GET', '/api/v1/workspaces'],
      ['POST', TOKENS],
    ] as const) {
      const refused = await ask(method, path, method === 'POST' ? {} : undefined);
      expect([refused.status, codeOf(refused)]).toEqual([401, 'insufficient_user_authentication']);
      expect(refused.headers.get('www-authenticate')).toBe(
        'Bearer error="insufficient_user_authentication", error_description="This organization requires a stronger sign-in ' +
          'at the identity provider than that of your session", acr_values="gold silver", max_age="3600"',
      );
      expect(refused.headers.get('access-control-expose-headers')).toMatch(/\bWWW-Authenticate\b/);
      expect(refused.headers.getSetCookie()).toEqual([]);
    }
    for (const path of ['/api/v1/orgs?skip_create=true', '/api/v1/me/sessions', '/api/v1/me/ls_user_id'])
      expect((await ask('GET', path)).status).toBe(200);
    expect((await w.t.api.as({ key: token.key }).get('/api/v1/workspaces')).status).toBe(200);
  });

  it('finds no workspaces of that organization in the lists, unlike a token', async () => {
    const other = await w.orgWithAdmin();
    const person = w.person(STRONG);
    const { email } = person;
    const { browser, ask } = await signIn(person, { acr_values: 'gold' });
    await w.t.fixtures.addMember(other, { email }, { org: 'ORGANIZATION_ADMIN' });
    const token = w.t.api.as({ key: (await ask('POST', TOKENS, {})).body.key });
    const session = { headers: browser.cookieHeader(w.t.url) };
    const mayInvite = async (path: string, api = w.t.api) => {
      const { body } = await api.get(path, api === token ? {} : session);
      const row = body.find(({ id }: { id: string }) => id === other.workspaceId);
      return row ? row.invite_access.may_invite_new_people : null;
    };
    const requireThere = (change: Partial<typeof REQUIRED>) =>
      require({ required_acr: [], required_amr: [], max_authentication_age: 300, ...change }, other.orgId);
    const authenticatedAgo = (seconds: number) =>
      w.t.sql(
        `update sessions set authenticated_at = now() - make_interval(secs => $2)
         where user_id = (select id from users where email = $1)`,
        [email, seconds],
      );
    await authenticatedAgo(200);

    const cases: [Partial<typeof REQUIRED>, true | null][] = [
      [{ required_acr: ['silver'] }, null],
      [{ required_amr: ['otp', 'fpt'] }, null],
      [{ required_acr: ['gold'], required_amr: ['otp'] }, true],
    ];
    for (const [change, expected] of cases) {
      await requireThere(change);
      for (const path of ['/api/v1/workspaces', '/api/v1/tenants'])
        expect({ change, path, may: await mayInvite(path) }).toEqual({ change, path, may: expected });
      expect(await mayInvite('/api/v1/workspaces', token)).toBe(true);
    }
    await authenticatedAgo(299);
    await until(async () => (await mayInvite('/api/v1/workspaces')) === null, 30); // too old now
  });

  it('is served again after a sign-in that meets it', async () => {
    const person = w.person({ amr: ['otp'] });
    const { browser, ask } = await signIn(person);
    await require(REQUIRED);
    expect((await ask('GET', INFO)).status).toBe(401);

    w.idp.account({ ...person, ...STRONG });
    await w.idp.logIn(browser, person.sub, {
      loginUrl: `${w.t.url}${LOGIN}?organization_id=${w.org.orgId}`,
    });

    expect((await ask('GET', INFO)).status).toBe(200);
  });

  it('is refused as soon as the sign-in is too long ago, also while the caller is cached', async () => {
    await require({ required_acr: [], required_amr: [], max_authentication_age: 300 });
    const { ask } = await signIn(w.person());
    await w.t.sql(
      `update sessions set authenticated_at = now() - interval '295 seconds'
       where id = (select id from sessions order by created_at desc limit 1)`,
    );

    expect((await ask('GET', INFO)).status).toBe(200);
    await until(async () => (await ask('GET', INFO)).status === 401, 30).catch(() => undefined);

    const refused = await ask('GET', INFO);
    expect(refused.status).toBe(401);
    expect(refused.body.detail).toBe(
      'Your sign-in at the identity provider is too long ago for this organization; sign in again.',
    );
    expect(refused.headers.get('www-authenticate')).toMatch(/, max_age="300"$/);
    expect((await ask('GET', '/api/v1/orgs?skip_create=true')).status).toBe(200);
  });
});

describe('the settings of the requirement', () => {
  it('are changed by an Organization Admin whose own session meets them, and recorded', async () => {
    const { ask } = await signIn(admin(STRONG), { acr_values: 'gold', max_age: '3600' });

    const { status, body } = await ask('PATCH', INFO, { ...REQUIRED, required_acr: ['gold', 'gold'] });

    const set = { ...REQUIRED, required_acr: ['gold'] };
    expect([status, body]).toEqual([200, expect.objectContaining(set)]);
    expect((await ask('GET', INFO)).body).toMatchObject(set);
    expect((await ask('PATCH', INFO, { required_amr: null })).body).toMatchObject({
      ...set,
      required_amr: [],
    });
    const entries = await w.t.sql<{ details: object }>(
      `select details - 'request_id' as details from audit_entries
       where operation = 'update_organization_info' and org_id = $1 order by id desc limit 2`,
      [w.org.orgId],
    );
    expect(entries.map(({ details }) => details)).toEqual([{ ...set, required_amr: [] }, set]);
  });

  it.each([
    ['authentication context', { ...STRONG, acr: 'bronze' }, REQUIRED],
    ['methods', { ...STRONG, amr: ['pwd'] }, REQUIRED],
    ['time', STRONG, { max_authentication_age: 300 }],
  ])('return 409 to an admin whose own session does not meet the %s', async (_, claims, change) => {
    const { ask } = await signIn(admin(claims), { acr_values: 'gold silver bronze' });

    const refused = await ask('PATCH', INFO, { ...change, display_name: 'Changed nothing' });

    expect([refused.status, codeOf(refused)]).toEqual([409, 'own_sign_in_insufficient']);
    expect(refused.body.detail).toMatch(/Test sign-in/);
    expect((await ask('GET', INFO)).body).toMatchObject({
      ...NONE,
      required_amr: [],
      display_name: expect.not.stringContaining('nothing'),
    });
  });

  it('cannot be set with a key, which can repeat them and drop them', async () => {
    const wish = { org_role_id: role('ORGANIZATION_ADMIN') };
    const { key } = (await w.org.admin.api.post('/api/v1/orgs/current/service-keys', wish)).body;
    const api = w.t.api.as({ key });
    const set = await api.patch(INFO, REQUIRED);
    expect([set.status, codeOf(set)]).toEqual([409, 'own_sign_in_insufficient']);
    await require(REQUIRED);

    expect((await api.patch(INFO, REQUIRED)).status).toBe(200);
    const less = await api.patch(INFO, { required_amr: [] });
    expect([less.status, codeOf(less)]).toEqual([409, 'own_sign_in_insufficient']);
    expect((await api.patch(INFO, NONE)).body).toMatchObject({ ...NONE, required_amr: [] });
  });

  it('cannot be dropped with a token of a weaker or an unknown sign-in, and are with one that met them', async () => {
    const tokenOf = async ({ ask }: Awaited<ReturnType<typeof signIn>>) =>
      w.t.api.as({ key: (await ask('POST', TOKENS, {})).body.key });
    const weak = await tokenOf(await signIn(admin({ ...STRONG, amr: ['pwd'] })));
    const child = w.t.api.as({ key: (await weak.post(TOKENS, {})).body.key });
    const strong = await tokenOf(await signIn(admin(STRONG), { acr_values: 'gold', max_age: '3600' }));
    const unknown = await tokenOf(await signIn(admin(STRONG), { acr_values: 'gold', max_age: '3600' }));
    await w.t.sql(
      `update api_keys set sign_in_method = null, acr = null, amr = null, authenticated_at = null
       where id = (select id from api_keys where kind = 'pat' order by created_at desc limit 1)`,
    );
    await require(REQUIRED);

    for (const api of [weak, child, unknown])
      for (const change of [NONE, { required_amr: [] }]) {
        const refused = await api.patch(INFO, change);
        expect([refused.status, codeOf(refused)]).toEqual([403, 'token_of_weaker_sign_in']);
      }
    expect((await weak.patch(INFO, REQUIRED)).status).toBe(200); // changes nothing
    expect((await strong.patch(INFO, NONE)).status).toBe(200);
  });

  it('tell how many sessions and tokens of weaker sign-ins go on, and list the tokens', async () => {
    const person = w.person({ amr: ['pwd'] });
    const count = async (body: object = {}) => {
      const counted = await w.org.admin.api.post(`${CREDENTIALS}/weaker-sign-ins`, body);
      expect(counted.status).toBe(200);
      return counted.body;
    };
    const tokensIn = async (sign_in: string) => {
      const { body } = await w.org.admin.api.get(`${CREDENTIALS}?sign_in=${sign_in}&limit=100`);
      return body.items.map(({ id }: { id: string }) => id);
    };
    const before = await count(REQUIRED);
    const { ask } = await signIn(person);
    const weak = (await ask('POST', TOKENS, {})).body.id;
    w.idp.account({ ...person, ...STRONG });
    const stronger = await signIn(person, { acr_values: 'gold', max_age: '3600' });
    const strong = (await stronger.ask('POST', TOKENS, {})).body.id;

    expect(await count()).toMatchObject({ sessions: 0, personal_access_tokens: 0 });
    expect(await count(REQUIRED)).toEqual({
      ...before,
      sessions: before.sessions + 1,
      personal_access_tokens: before.personal_access_tokens + 1,
    });
    await require(REQUIRED);
    expect(await tokensIn('weaker')).toContain(weak);
    expect(await tokensIn('weaker')).not.toContain(strong);
    expect(await tokensIn('unknown')).not.toContain(weak);
    expect(
      (await w.org.admin.api.post(`${CREDENTIALS}/weaker-sign-ins`, { max_authentication_age: 1 })).status,
    ).toBe(422);
  });

  it('are dropped by the operator, with an audit entry', async () => {
    await require(REQUIRED);

    const drop = (...args: string[]) =>
      adminIn(w.t.databaseUrl, w.environment, ['sign-in-requirement:drop', ...args]);

    expect((await drop('--organization', randomUUID())).code).toBe(1);
    expect(await drop()).toEqual({ code: 0, lines: [expect.stringContaining(w.org.orgId)] });
    const [entry] = await w.t.sql(
      `select user_id, details - 'request_id' as details from audit_entries
       where operation = 'update_organization_info' and org_id = $1 order by position desc limit 1`,
      [w.org.orgId],
    );
    expect(entry).toMatchObject({ user_id: null, details: { required_acr: [], required_amr: [] } });
    expect((await w.org.admin.api.get(INFO)).body).toMatchObject({ ...NONE, required_amr: [] });
  });

  it('return 403 to an Organization Operator, who may repeat them', async () => {
    const operator = await w.member(await w.orgWithAdmin(), {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_VIEWER',
    });

    const refused = await operator.api.patch(INFO, { required_acr: ['gold'] });

    expect([refused.status, codeOf(refused)]).toEqual([403, 'only_admins_require_sign_in']);
    expect((await operator.api.patch(INFO, NONE)).status).toBe(200);
  });

  it.each<[object, (string | number)[][]]>([
    [
      { required_acr: ['a b', '', 'ok', '"'] },
      [
        ['required_acr', 0],
        ['required_acr', 1],
        ['required_acr', 3],
      ],
    ],
    [{ required_amr: Array.from({ length: 11 }, (_, index) => `m${index}`) }, [['required_amr']]],
    [
      { required_acr: ['a'.repeat(101)], max_authentication_age: 299 },
      [['required_acr', 0], ['max_authentication_age']],
    ],
    [{ max_authentication_age: 7_776_001 }, [['max_authentication_age']]],
  ])('return 422 for %j', async (change, at) => {
    const { status, body } = await w.org.admin.api.patch(INFO, change);
    expect(status).toBe(422);
    expect(body.detail.map(({ loc }: { loc: unknown[] }) => loc)).toEqual(at.map((loc) => ['body', ...loc]));
  });
});

describe('a test sign-in with a requirement', () => {
  const tested = async (claims: Partial<Account>, body?: object) => {
    const account = admin(claims);
    const { browser, ask } = await signIn(account);
    const asker = new SignedInBrowser(w.t, w.org.orgId, browser);
    const started = await ask('POST', TEST_SIGN_IN, body);
    for (const line of started.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      browser.setCookie(w.t.url, name!, value!);
    }
    await asker.signInAt(w.idp, started.body.url, account);
    return (await asker.read(started.body.test_id)).body;
  };
  const claimsOf = ({ claims }: { claims: { used_for: string; value: string | null }[] }) =>
    Object.fromEntries(claims.map(({ used_for: use, value }) => [use, value]));

  it('asks the provider for it, and shows what it reports', async () => {
    const result = await tested(STRONG, REQUIRED);

    expect(result).toMatchObject({ status: 'passed', failure: null });
    expect(claimsOf(result)).toMatchObject({
      acr: 'gold',
      amr: '["pwd","otp"]',
      auth_time: expect.stringMatching(/^20\d\d-.*Z$/),
    });
  });

  it('says what is missing', async () => {
    const result = await tested({ ...STRONG, acr: 'bronze' }, { required_acr: ['gold'] });

    expect(result).toMatchObject({
      status: 'refused',
      failure: { step: 'decision', code: 'authentication_too_weak', reason: expect.stringContaining('acr') },
    });
    expect(claimsOf(result)).toMatchObject({ acr: 'bronze' });
    expect(await tested({})).toMatchObject({ status: 'passed' });
  });

  it('returns 422 for a malformed requirement', async () => {
    const { ask } = await signIn(admin());
    expect((await ask('POST', TEST_SIGN_IN, { max_authentication_age: 1 })).status).toBe(422);
    expect((await ask('POST', TEST_SIGN_IN, NONE)).status).toBe(201);
  });
});
