import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { until } from '../support/audit-log.js';
import { Browser } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { TestIdentityProvider } from '../support/identity-provider.js';
import {
  COOKIE,
  makeRefreshDue,
  ME,
  signedIn,
  type SessionRow,
  type SsoPerson,
  watchRefreshes,
} from '../support/sso-session.js';
import { columnsContaining } from '../support/stored-text.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';

const INVALID = { status: 401, body: { detail: 'Invalid token' } };
const CROSS_SITE = { status: 403, body: { detail: expect.stringContaining('Origin') } };
const LISTED = 'https://app.example.com';
const TOKENS = '/api/v1/orgs/current/personal-access-tokens';

let idp: TestIdentityProvider;
let refreshes: ReturnType<typeof watchRefreshes>;
let t: TestApp;
/** A second process on the same database, as behind a load balancer. */
let replica: TestApp;
beforeAll(async () => {
  idp = await TestIdentityProvider.start({ appUrl: `http://127.0.0.1:${await freePort()}` });
  refreshes = watchRefreshes(idp);
  const environment = { ...idp.environment, CORS_ALLOWED_ORIGINS: LISTED };
  const before = await startTestApp(); // an installation with passwords: its admin still has one
  await before.close();
  t = await startTestApp(environment, before.databaseUrl);
  replica = await startTestApp({ ...environment, PORT: undefined }, t.databaseUrl);
});
afterAll(async () => {
  await replica.close();
  await t.close();
  await idp.stop();
});
beforeEach(() => {
  refreshes.count = 0;
  refreshes.isDown = false;
});

const cleared = (reply: { headers: Headers }) =>
  reply.headers.getSetCookie().some((line) => line.startsWith(`${COOKIE}=; Max-Age=0;`));
const me = (person: SsoPerson, at?: string) => person.ask('GET', ME, { origin: null, ...(at ? { at } : {}) });

describe('the session cookie', () => {
  it('the session cookie is HttpOnly and SameSite and lasts as long as the session can', async () => {
    const { landing, token } = await signedIn(t, idp);

    const lines = landing.headers.getSetCookie().filter((line) => line.startsWith(COOKIE));

    expect(lines).toEqual([
      expect.stringMatching(
        new RegExp(`^${COOKIE}=${token}; Max-Age=86(400|39\\d); Path=/; HttpOnly; SameSite=Lax$`),
      ),
    ]);
    expect(token).toMatch(/^[\w-]{43}$/);
  });

  it('identifies its user in every response that describes a session', async () => {
    const person = await signedIn(t, idp);

    const org = await person.ask('GET', '/api/v1/orgs/current', { origin: null });
    const whoami = await person.ask('GET', '/auth/public', { origin: null });
    const elsewhere = await me(person, replica.url);

    expect([org.status, elsewhere.status]).toEqual([200, 200]);
    expect(whoami).toMatchObject({ status: 200, body: { user_email: person.email, user_id: person.userId } });
  });

  it('the session cookie is replaced at each login, which ends the previous session', async () => {
    const person = await signedIn(t, idp);

    await idp.logIn(person.browser, person.sub);

    const next = person.browser.cookies(t.url)[COOKIE];
    expect(next).not.toBe(person.token);
    expect(await me(person)).toMatchObject(INVALID);
    const { status } = await t.api.get(ME, { headers: { cookie: `${COOKIE}=${next}` } });
    expect(status).toBe(200);
  });

  it('the session cookie is never one that the browser sent before the login', async () => {
    const browser = new Browser();
    const planted = 'p'.repeat(43);
    browser.setCookie(t.url, COOKIE, planted);
    idp.account({ sub: 'victim', email: 'victim@example.com', email_verified: true });

    await idp.logIn(browser, 'victim');

    expect(browser.cookies(t.url)[COOKIE]).not.toBe(planted);
    expect(await t.api.get(ME, { headers: { cookie: `${COOKIE}=${planted}` } })).toMatchObject(INVALID);
  });

  it('the session cookie is ignored beside an API key or a bearer token, even an invalid one', async () => {
    const person = await signedIn(t, idp);

    for (const [name, value] of [
      ['x-api-key', 'nonsense'],
      ['authorization', 'Bearer nonsense'],
    ] as const) {
      const reply = await person.ask('GET', ME, { headers: { [name]: value } });
      expect(reply).toMatchObject(INVALID);
      expect(cleared(reply)).toBe(false);
    }
    const { body: made } = await person.ask('POST', TOKENS, { body: {} });
    const other = await signedIn(t, idp);
    const reply = await other.ask('GET', '/auth/public', { headers: { 'x-api-key': made.key as string } });
    expect(reply.body).toMatchObject({ user_email: person.email });
  });

  it('the session cookie is cleared when it is unknown or its session has ended', async () => {
    const person = await signedIn(t, idp);
    await t.sql(
      `update sessions set expires_at = now() - interval '1 second', confirmed_until = now() - interval '1 hour'
       where user_id = $1`,
      [person.userId],
    );

    const unknown = await t.api.get(ME, { headers: { cookie: `${COOKIE}=${'u'.repeat(43)}` } });
    const malformed = await t.api.get(ME, { headers: { cookie: `${COOKIE}=<script>` } });
    for (const reply of [await me(person), unknown, malformed]) {
      expect(reply).toMatchObject(INVALID);
      expect(cleared(reply)).toBe(true);
    }
  });

  it("leaves neither its value nor the provider's tokens readable in the database", async () => {
    const refreshTokens: string[] = [];
    const note = (token: { jti: string }) => refreshTokens.push(token.jti);
    idp.provider.on('refresh_token.saved', note);
    const person = await signedIn(t, idp);
    await makeRefreshDue(t, person);
    await me(person);
    idp.provider.off('refresh_token.saved', note);

    expect(refreshTokens.length).toBeGreaterThanOrEqual(2);
    for (const secret of [person.token, ...refreshTokens, '"sub":', 'eyJhbGciOi'])
      expect(await columnsContaining(t.sql, secret)).toEqual([]);
  });
});

describe('a change that is authorized by the session cookie', () => {
  it.each([
    ['no Origin', null],
    ['another site', 'https://evil.test'],
    ['a sandboxed page', 'null'],
    ['an origin that resembles ours', 'http://127.0.0.1.evil.test'],
    ['an origin that resembles a listed one', `${LISTED}.evil.test`],
  ])('returns 403 and changes nothing for a cookie request from %s', async (_, origin) => {
    const person = await signedIn(t, idp);

    for (const [method, path] of [
      ['POST', TOKENS],
      ['PATCH', '/api/v1/orgs/members/basic'],
      ['DELETE', `${TOKENS}/0198c0de-0000-7000-8000-000000000001`],
    ] as const) {
      const reply = await person.ask(method, path, { origin, body: {} });
      expect(reply).toMatchObject(CROSS_SITE);
      expect(cleared(reply)).toBe(false);
    }
    expect(await t.sql('select 1 from api_keys where user_id = $1', [person.userId])).toEqual([]);
  });

  it('accepts a change by cookie from our own and from listed origins', async () => {
    const person = await signedIn(t, idp);

    expect((await person.ask('POST', TOKENS, { origin: t.url, body: {} })).status).toBe(200);
    expect((await person.ask('POST', TOKENS, { origin: LISTED, body: {} })).status).toBe(200);
  });

  it('sends no refresh request to the provider for a request from another site', async () => {
    const person = await signedIn(t, idp);
    await makeRefreshDue(t, person);

    await person.ask('POST', TOKENS, { origin: 'https://evil.test', body: {} });

    expect(refreshes.count).toBe(0);
  });

  it('requires no Origin header for a change with an API key, whatever cookie is sent', async () => {
    const admin = await signedIn(t, idp, { sub: 'admin', email: ADMIN.email });
    const { body: made } = await admin.ask('POST', TOKENS, { body: {} });
    const person = await signedIn(t, idp);

    const reply = await person.ask('POST', '/api/v1/workspaces', {
      origin: null,
      headers: { 'x-api-key': made.key as string },
      body: { display_name: 'By key' },
    });

    expect(reply.status).toBe(200);
  });

  it('allows credentials in preflight responses to listed origins only', async () => {
    const preflight = (origin: string) =>
      fetch(`${t.url}${TOKENS}`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const allowed = async (origin: string) => {
      const { headers } = await preflight(origin);
      return [headers.get('access-control-allow-origin'), headers.get('access-control-allow-credentials')];
    };

    expect(await allowed(LISTED)).toEqual([LISTED, 'true']);
    expect(await allowed('https://evil.test')).toEqual([null, null]);
  });
});

describe('the length of a session', () => {
  it('a session lasts as long as the ID token, or with a refresh token at most OAUTH_SESSION_MAX_SEC', async () => {
    const session = await (await signedIn(t, idp)).session();

    const after = (time: Date) => (time.getTime() - session.created_at.getTime()) / 1000;
    expect(after(session.confirmed_until)).toBeGreaterThan(3590);
    expect(after(session.confirmed_until)).toBeLessThanOrEqual(3600);
    expect(after(session.refresh_due_at)).toBeLessThan(after(session.confirmed_until));
    expect(after(session.expires_at)).toBe(86_400);
  });

  it.each(['due', 'lapsed'] as const)(
    'a session is extended by a refresh when the refresh is %s',
    async (state) => {
      const person = await signedIn(t, idp);
      const before = await person.session();
      await makeRefreshDue(t, person, state);

      const reply = await me(person);

      const after = await person.session();
      expect(reply.status).toBe(200);
      expect(refreshes.count).toBe(1);
      expect(after.confirmed_until.getTime()).toBeGreaterThanOrEqual(before.confirmed_until.getTime());
      expect(after.expires_at).toEqual(before.expires_at);
      expect(after.sealed_refresh_token).not.toBe(before.sealed_refresh_token);
      expect((await me(person)).status).toBe(200);
      expect(refreshes.count).toBe(1);
    },
  );

  it('a session ends at once when the provider refuses the refresh', async () => {
    const person = await signedIn(t, idp);
    idp.forget(person.sub);
    await makeRefreshDue(t, person);

    const reply = await me(person);

    expect(reply).toMatchObject(INVALID);
    expect(cleared(reply)).toBe(true);
    expect(await person.session()).toBeUndefined();
  });

  it.each(['due', 'lapsed'] as const)(
    'a session is extended once although twenty requests at two replicas find the refresh %s',
    async (state) => {
      const person = await signedIn(t, idp);
      await makeRefreshDue(t, person, state);

      const replies = await Promise.all(
        Array.from({ length: 20 }, (_, index) => me(person, index % 2 ? replica.url : t.url)),
      );

      expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
      expect(refreshes.count).toBe(1);
    },
  );

  it('a session is unchanged while the provider is unavailable, which is asked again only after a pause', async () => {
    const person = await signedIn(t, idp);
    await makeRefreshDue(t, person);
    refreshes.isDown = true;

    const replies = [await me(person), await me(person, replica.url)];

    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    expect(refreshes.count).toBe(1);
  });

  it('a session is suspended while the provider cannot confirm the session, and resumes when the provider is back', async () => {
    const person = await signedIn(t, idp);
    await makeRefreshDue(t, person, 'lapsed');
    refreshes.isDown = true;

    const suspended = [await me(person), await me(person)];
    refreshes.isDown = false;
    await makeRefreshDue(t, person, 'lapsed'); // the pause has passed
    const again = await me(person);

    for (const reply of suspended) {
      expect(reply).toMatchObject({
        status: 401,
        body: { detail: expect.stringContaining('could not be confirmed') },
      });
      expect(cleared(reply)).toBe(false);
    }
    expect(again.status).toBe(200);
    expect(refreshes.count).toBe(2);
  });

  it('a session is extended by another process when the one that started the refresh is killed', async () => {
    const person = await signedIn(t, idp);
    await makeRefreshDue(t, person);
    const claim = (time: string) =>
      t.sql(`update sessions set refreshing_until = now() + $2::interval where user_id = $1`, [
        person.userId,
        time,
      ]);

    await claim('10 seconds');
    const duringRefresh = await me(person);
    const asked = refreshes.count;
    await claim('-1 second');
    const later = await me(person);

    expect([duringRefresh.status, asked]).toEqual([200, 0]);
    expect([later.status, refreshes.count]).toEqual([200, 1]);
  });

  it('a session is not extended when the session is deleted during the refresh', async () => {
    const person = await signedIn(t, idp);
    await makeRefreshDue(t, person);
    const interfere = idp.interfere;
    idp.interfere = async () => {
      await t.sql('delete from sessions where user_id = $1', [person.userId]);
      return null;
    };

    const reply = await me(person);
    idp.interfere = interfere;

    expect(reply).toMatchObject(INVALID);
    expect(refreshes.count).toBe(1);
    expect(await person.session()).toBeUndefined();
  });
});

describe('a session whose end the provider sets with session_expiry', () => {
  const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
  const seconds = ({ expires_at: end, confirmed_until: confirmed }: SessionRow) =>
    [end, confirmed].map((time) => time.getTime() / 1000);
  const signedInUntil = async (session_expiry: number | null) => {
    const person = await signedIn(t, idp, { claims: { session_expiry } });
    return {
      ...person,
      setExpiry: (end?: number | null) => idp.account({ ...person.claims, session_expiry: end }),
    };
  };

  it('ends then, at the latest at OAUTH_SESSION_MAX_SEC, while its cookie lasts as long as a renewal may extend it', async () => {
    const end = inSeconds(1800);
    const person = await signedInUntil(end);

    expect(seconds(await person.session())).toEqual([end, end]);
    expect(person.landing.headers.getSetCookie().join()).toMatch(
      new RegExp(`${COOKIE}=${person.token}; Max-Age=86(400|39\\d)`),
    );
    const late = await (await signedInUntil(inSeconds(200_000))).session();
    expect((late.expires_at.getTime() - late.created_at.getTime()) / 1000).toBe(86_400);
  });

  it('is extended by a renewal with a later end, and keeps its end after one without', async () => {
    const [end, later] = [inSeconds(1800), inSeconds(2400)];
    const person = await signedInUntil(end);

    person.setExpiry(later);
    await makeRefreshDue(t, person);
    expect((await me(person)).status).toBe(200);
    expect(seconds(await person.session())).toEqual([later, later]);

    person.setExpiry(undefined);
    await makeRefreshDue(t, person);
    expect((await me(person)).status).toBe(200);
    expect(seconds(await person.session())).toEqual([later, later]);
    expect(refreshes.count).toBe(2);
  });

  it('is as without the claim where that is null', async () => {
    const limit = inSeconds(1800);
    const person = await signedInUntil(limit);
    person.setExpiry(null);
    await makeRefreshDue(t, person);
    expect((await me(person)).status).toBe(200);
    expect(seconds(await person.session())).toEqual([limit, limit]);

    const { expires_at: end, created_at: start } = await (await signedInUntil(null)).session();
    expect((end.getTime() - start.getTime()) / 1000).toBe(86_400);
  });

  it('ends when a renewal says that it has ended, or when the time has come', async () => {
    const person = await signedInUntil(inSeconds(1800));
    person.setExpiry(inSeconds(-1));
    await makeRefreshDue(t, person);
    expect(await me(person)).toMatchObject(INVALID);
    expect(await person.session()).toBeUndefined();

    const other = await signedInUntil(inSeconds(2));
    expect((await me(other)).status).toBe(200);
    await until(async () => (await me(other)).status === 401);
  });

  it.each([
    ['text', '1900000000'],
    ['a fraction', 1_900_000_000.5],
    ['past', 1_700_000_000],
  ])('is not opened if that is %s', async (_, session_expiry) => {
    const browser = new Browser();
    const sub = randomUUID();
    idp.account({ sub, email: `${sub}@example.com`, email_verified: true, session_expiry });
    const { status, headers } = await idp.logIn(browser, sub);
    expect([status, headers.get('x-error-code')]).toEqual([401, 'invalid_id_token']);
    expect(browser.cookies(t.url)[COOKIE]).toBeUndefined();
  });
});

describe('the end of a session', () => {
  it('a session ends on the next request at every replica after the user is removed', async () => {
    const admin = await signedIn(t, idp, { sub: 'admin', email: ADMIN.email });
    const person = await signedIn(t, idp);
    const [membership] = await t.sql<{ id: string }>('select id from org_memberships where user_id = $1', [
      person.userId,
    ]);

    const removed = await admin.ask('DELETE', `/api/v1/orgs/current/members/${membership!.id}`);

    expect(removed.status).toBeLessThan(300);
    for (const url of [t.url, replica.url]) expect(await me(person, url)).toMatchObject(INVALID);
  });

  it('returns 403 only in the organization in which the user is disabled', async () => {
    const person = await signedIn(t, idp);
    await t.sql('update org_memberships set is_disabled = true where user_id = $1', [person.userId]);

    expect(await person.ask('GET', '/api/v1/orgs/current', { origin: null })).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('is disabled') },
    });
  });

  it('a session is invalid on a server with another signing secret', async () => {
    const person = await signedIn(t, idp);
    const rotated = await startTestApp(
      {
        ...idp.environment,
        PORT: undefined,
        BASIC_AUTH_JWT_SECRET: 'a-secret-that-came-after-the-first-one',
      },
      t.databaseUrl,
    );
    try {
      expect(await me(person, rotated.url)).toMatchObject(INVALID);
      expect((await me(person)).status).toBe(200);
    } finally {
      await rotated.close();
    }
  });
});

describe('the upgrade from basic auth to single sign-on', () => {
  it('ends sessions that a password started but not break-glass sessions, and sets cookies for single sign-on only', async () => {
    const basic = await startTestApp({}, t.databaseUrl);
    try {
      const token = await basic.fixtures.login(ADMIN.email, ADMIN.password);
      const byPassword = t.api.as({ token });
      const person = await signedIn(t, idp);

      expect((await basic.api.as({ token }).get(ME)).status).toBe(200);
      expect(await byPassword.get(ME)).toMatchObject(INVALID);
      expect(await me(person, basic.url)).toMatchObject(INVALID);
      await t.sql(`update sessions set method = 'break-glass' where method = 'password'`);
      expect((await byPassword.get(ME)).status).toBe(200);
    } finally {
      await basic.close();
    }
  });
});
