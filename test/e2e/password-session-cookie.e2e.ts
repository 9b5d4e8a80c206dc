import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Reply } from '../support/api.js';
import { basicAuth } from '../support/forged-credentials.js';
import { COOKIE, LOGOUT, ME } from '../support/sso-session.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';

const LOGIN = '/api/v1/login';
const WITH_COOKIE = { 'x-session-cookie': 'true' };
const OTHER_SITE = 'https://evil.test';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const logIn = (headers: Record<string, string>, password = ADMIN.password) =>
  t.api.post(LOGIN, undefined, { headers: { ...basicAuth(ADMIN.email, password), ...headers } });

const setCookie = ({ headers }: Reply) => headers.getSetCookie();

/** What a browser sends back. */
const cookieOf = (reply: Reply) => setCookie(reply).join().split(';')[0] ?? '';

const asBrowser = (cookie: string, origin = t.url) => t.api.as({ cookie: { value: cookie, origin } });

const signIn = async () => cookieOf(await logIn({ ...WITH_COOKIE, origin: t.url }));

describe('a login that asks for the session cookie', () => {
  it('sets a cookie that scripts cannot read and that lasts as long as the session', async () => {
    const reply = await logIn({ ...WITH_COOKIE, origin: t.url });

    expect(reply).toMatchObject({ status: 200, body: { access_token: expect.any(String) } });
    const [cookie = '', ...others] = setCookie(reply);
    expect(others).toEqual([]);
    const attributes = /^tenantry_session=\S+; Max-Age=(\d+); Path=\/; HttpOnly; SameSite=Lax$/.exec(cookie);
    const [session] = await t.sql<{ seconds: number }>(
      `select extract(epoch from expires_at - created_at)::int as seconds from sessions order by created_at desc limit 1`,
    );
    expect(Number(attributes?.[1])).toBe(session?.seconds);
  });

  it('gives the rights of the signed-in user', async () => {
    const browser = asBrowser(await signIn());

    expect((await browser.get(ME)).body).toHaveLength(1);
    const renamed = await browser.patch('/api/v1/orgs/current/info', { display_name: 'Renamed' });
    expect(renamed.status).toBe(200);
  });

  it('returns 403 for a page of another site and starts no session', async () => {
    const count = async () => (await t.sql('select 1 from sessions')).length;
    const before = await count();

    for (const headers of [{ ...WITH_COOKIE, origin: OTHER_SITE }, WITH_COOKIE]) {
      const reply = await logIn(headers);

      expect(reply.status).toBe(403);
      expect(reply.headers.get('x-error-code')).toBe('cross_site_request');
      expect(setCookie(reply)).toEqual([]);
    }
    expect(await count()).toBe(before);
  });

  it('ends the previous session of the browser', async () => {
    const first = await signIn();

    const second = cookieOf(await logIn({ ...WITH_COOKIE, origin: t.url, cookie: first }));

    expect((await asBrowser(first).get(ME)).status).toBe(401);
    expect((await asBrowser(second).get(ME)).status).toBe(200);
  });

  it('sets no cookie for a wrong password and keeps the session of the browser', async () => {
    const cookie = await signIn();

    const reply = await logIn({ ...WITH_COOKIE, origin: t.url, cookie }, 'Wrong-Horse-Battery');

    expect(reply.status).toBe(401);
    expect(setCookie(reply)).toEqual([]);
    expect((await asBrowser(cookie).get(ME)).status).toBe(200);
  });

  it.each([[{}], [{ 'x-session-cookie': 'false' }]])(
    'sets no cookie with the headers %j',
    async (headers) => {
      expect(setCookie(await logIn({ ...headers, origin: t.url }))).toEqual([]);
    },
  );
});

describe('the cookie of a password session', () => {
  it('is refused for a change that another site sends', async () => {
    const cookie = await signIn();

    const reply = await asBrowser(cookie, OTHER_SITE).patch('/api/v1/orgs/current/info', {
      display_name: 'Taken over',
    });

    expect(reply.status).toBe(403);
    expect(reply.headers.get('x-error-code')).toBe('cross_site_request');
  });

  it('is not read from a cookie whose name begins with a no-break space', async () => {
    const cookie = await signIn();

    expect((await asBrowser(`\xA0${cookie}`).get(ME)).status).toBe(401);
    expect((await asBrowser(`${cookie}; \xA0${cookie}x`).get(ME)).status).toBe(200);
  });

  it('is cleared when its token was changed', async () => {
    const reply = await asBrowser(`${await signIn()}x`).get(ME);

    expect(reply.status).toBe(401);
    expect(cookieOf(reply)).toBe(`${COOKIE}=`);
  });

  it('ends with a logout, which is recorded', async () => {
    const cookie = await signIn();

    const reply = await asBrowser(cookie).post(LOGOUT);

    expect(reply).toMatchObject({ status: 200, body: { logout_url: null } });
    expect(cookieOf(reply)).toBe(`${COOKIE}=`);
    expect((await asBrowser(cookie).get(ME)).status).toBe(401);
    const entries = await t.sql(
      `select details - 'request_id' as details from audit_entries where operation = 'login' and details->>'event' = 'logout'`,
    );
    expect(entries).toEqual([{ details: { event: 'logout', ended_by: 'person' } }]);
  });

  it('is not accepted as a logout from another site', async () => {
    const cookie = await signIn();

    expect((await asBrowser(cookie, OTHER_SITE).post(LOGOUT)).status).toBe(403);
    expect((await asBrowser(cookie).get(ME)).status).toBe(200);
  });
});

describe('a request with the cookie that names the user of its page', () => {
  const RENAME = '/api/v1/orgs/current/info';
  const OTHERS = { status: 409, body: { detail: expect.stringContaining('another user') } };
  const naming = (userId: string) => ({ headers: { 'x-session-user': userId } });
  const nameOfOrg = async () => (await t.sql('select display_name from organizations'))[0];

  it('is served to that user', async () => {
    const { admin } = await t.fixtures.defaultOrg();
    const browser = asBrowser(await signIn());

    for (const id of [admin.userId, admin.userId.toUpperCase()]) {
      expect((await browser.get(ME, naming(id))).status).toBe(200);
      expect((await browser.patch(RENAME, { display_name: 'Served' }, naming(id))).status).toBe(200);
    }
  });

  it('returns 409 to the session of another user, for reads and writes, and changes nothing', async () => {
    const before = await nameOfOrg();
    const browser = asBrowser(await signIn());

    for (const id of [randomUUID(), 'ada@example.com', '']) {
      const read = await browser.get(ME, naming(id));
      const write = await browser.patch(RENAME, { display_name: 'Of another' }, naming(id));

      expect([read, write]).toMatchObject([OTHERS, OTHERS]);
      expect(write.headers.get('x-error-code')).toBe('session_of_another_user');
      expect(write.headers.get('x-should-retry')).toBe('false');
    }
    expect(await nameOfOrg()).toEqual(before);
  });

  it('returns 409 instead of the 403 for an organization that the other user cannot see', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const browser = asBrowser(await signIn()).as({ orgId: org.orgId });

    expect((await browser.get(RENAME)).status).toBe(403);
    expect(await browser.get(RENAME, naming(org.admin.userId))).toMatchObject(OTHERS);
  });

  it('returns 401 when the session has ended', async () => {
    const browser = asBrowser(await signIn());
    await browser.post(LOGOUT);

    expect((await browser.get(ME, naming(randomUUID()))).status).toBe(401);
  });

  it('does not sign out another user', async () => {
    const { admin } = await t.fixtures.defaultOrg();
    const browser = asBrowser(await signIn());

    const refused = await browser.post(LOGOUT, undefined, naming(randomUUID()));

    expect(refused).toMatchObject(OTHERS);
    expect(setCookie(refused)).toEqual([]);
    expect((await browser.get(ME)).status).toBe(200);
    expect((await browser.post(LOGOUT, undefined, naming(admin.userId))).status).toBe(200);
    expect((await browser.get(ME)).status).toBe(401);
  });

  it('is not compared with the user of a token or a key, which a program chooses itself', async () => {
    const { admin } = await t.fixtures.defaultOrg();

    expect((await admin.api.get(ME, naming(randomUUID()))).status).toBe(200);
  });
});
