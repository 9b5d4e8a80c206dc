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
