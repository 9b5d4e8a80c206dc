import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { Browser } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import { TestIdentityProvider } from '../support/identity-provider.js';
import { BACKCHANNEL, COOKIE, LOGOUT, ME, signedIn, type SsoPerson } from '../support/sso-session.js';
import { columnsContaining } from '../support/stored-text.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const INVALID = { status: 401, body: { detail: 'Invalid token' } };

let idp: TestIdentityProvider;
let t: TestApp;
/** A server that ends the sessions at the provider too. */
let withProviderLogout: TestApp;
beforeAll(async () => {
  idp = await TestIdentityProvider.start({ appUrl: `http://127.0.0.1:${await freePort()}` });
  t = await startTestApp(idp.environment);
  withProviderLogout = await startTestApp(
    { ...idp.environment, PORT: undefined, OAUTH_IDP_LOGOUT_ENABLED: 'true' },
    t.databaseUrl,
  );
});
afterAll(async () => {
  await withProviderLogout.close();
  await t.close();
  await idp.stop();
});

const me = (person: SsoPerson) => person.ask('GET', ME, { origin: null });
const cleared = (reply: { headers: Headers }) =>
  reply.headers.getSetCookie().join().startsWith(`${COOKIE}=; Max-Age=0;`);

/** The logout entries of a user in the audit log. */
const logouts = async ({ userId }: SsoPerson) =>
  (
    await t.sql<{ details: object }>(
      `select details - 'request_id' as details from audit_entries
       where org_id is not null and user_id = $1 and operation = 'login' and details->>'event' = 'logout'`,
      [userId],
    )
  ).map(({ details }) => details);

describe('a logout from this application', () => {
  it('ends the session, clears the cookie and writes an audit entry', async () => {
    const person = await signedIn(t, idp);

    const reply = await person.ask('POST', LOGOUT);

    expect(reply).toMatchObject({ status: 200, body: { logout_url: null } });
    expect(cleared(reply)).toBe(true);
    expect(await me(person)).toMatchObject(INVALID);
    expect(await logouts(person)).toEqual([{ event: 'logout', ended_by: 'person' }]);
  });

  it('returns 200 for a logout without a session', async () => {
    const person = await signedIn(t, idp);
    await person.ask('POST', LOGOUT);

    const again = await person.ask('POST', LOGOUT);
    const stranger = await t.api.post(LOGOUT);

    for (const reply of [again, stranger])
      expect(reply).toMatchObject({ status: 200, body: { logout_url: null } });
    expect(await logouts(person)).toHaveLength(1);
  });

  it('returns 403 for a logout from another site', async () => {
    const person = await signedIn(t, idp);

    for (const origin of [null, 'https://evil.test'])
      expect((await person.ask('POST', LOGOUT, { origin })).status).toBe(403);
    expect((await me(person)).status).toBe(200);
  });

  it('returns 403 and clears no cookie for a form of another site, with which browsers send no cookie', async () => {
    const page = await new Browser().open(`${t.url}${LOGOUT}`, {
      form: {},
      headers: { origin: 'https://evil.test' },
    });

    expect(page.status).toBe(403);
    expect(page.headers.getSetCookie()).toEqual([]);
  });

  it('redirects a browser to the signed-out page after a logout by form', async () => {
    const person = await signedIn(t, idp);

    const page = await person.browser.open(`${t.url}${LOGOUT}`, { form: {}, headers: { origin: t.url } });

    expect(page).toMatchObject({ status: 303, location: `${t.url}/signed-out` });
    expect(person.browser.cookies(t.url)).not.toHaveProperty(COOKIE);
  });

  it('keeps the other sessions of the user', async () => {
    const person = await signedIn(t, idp);
    const elsewhere = await signedIn(t, idp, person);

    await person.ask('POST', LOGOUT);

    expect((await me(elsewhere)).status).toBe(200);
  });
});

describe('with OAUTH_IDP_LOGOUT_ENABLED, logging out', () => {
  it('returns the logout address of the provider, which redirects the browser back', async () => {
    const person = await signedIn(t, idp);

    const { body } = await person.ask('POST', LOGOUT, { at: withProviderLogout.url });
    const url = new URL(body.logout_url as string);
    const asked = await person.browser.open(url.href);
    const home = await idp.confirmLogout(person.browser, asked);

    expect(url.href.split('?', 1)).toEqual([`${idp.issuer}/session/end`]);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(t.url);
    expect(decodeJwt(url.searchParams.get('id_token_hint')!).sub).toBe(person.sub);
    expect(home.location?.replace(/\/$/, '')).toBe(t.url);
    expect(await me(person)).toMatchObject(INVALID);
  });

  it('redirects a browser to the provider after a logout by form', async () => {
    const person = await signedIn(t, idp);

    const page = await person.ask('POST', LOGOUT, {
      at: withProviderLogout.url,
      headers: { accept: 'text/html' },
    });

    expect(page.status).toBe(303);
    expect(page.headers.get('location')).toContain(`${idp.issuer}/session/end?`);
  });

  it('uses the address and the parameter of providers that have their own, without the ID token', async () => {
    const cognito = await startTestApp(
      {
        ...idp.environment,
        PORT: undefined,
        OAUTH_IDP_LOGOUT_ENABLED: 'true',
        OAUTH_LOGOUT_URL: 'https://example.auth.eu-west-1.amazoncognito.com/logout',
        OAUTH_LOGOUT_RETURN_PARAM: 'logout_uri',
      },
      t.databaseUrl,
    );
    const person = await signedIn(t, idp);
    const { body } = await person.ask('POST', LOGOUT, { at: cognito.url });
    await cognito.close();

    const url = new URL(body.logout_url as string);
    expect(`${url.origin}${url.pathname}`).toBe('https://example.auth.eu-west-1.amazoncognito.com/logout');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      logout_uri: t.url,
      client_id: idp.environment['OAUTH_CLIENT_ID'],
    });
  });

  it('returns no logout address without a session', async () => {
    expect((await withProviderLogout.api.post(LOGOUT)).body).toEqual({ logout_url: null });
  });
});

describe('a back-channel logout from the provider', () => {
  it("ends the session that started with the provider's session and no other session of the user", async () => {
    const person = await signedIn(t, idp);
    const elsewhere = await signedIn(t, idp, person);

    await idp.logOut(person.browser);

    expect(await me(person)).toMatchObject(INVALID);
    expect((await me(elsewhere)).status).toBe(200);
    expect(await logouts(person)).toEqual([{ event: 'logout', ended_by: 'provider' }]);
  });

  it('ends all sessions of the user when it names only the subject', async () => {
    const person = await signedIn(t, idp);
    const elsewhere = await signedIn(t, idp, person);
    const bystander = await signedIn(t, idp);

    const reply = await sendLogoutToken(await idp.sign(idp.logoutClaims({ sub: person.sub })));

    expect(reply.status).toBe(200);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(await me(person)).toMatchObject(INVALID);
    expect(await me(elsewhere)).toMatchObject(INVALID);
    expect((await me(bystander)).status).toBe(200);
  });

  it('accepts a logout token once, also when it is sent twenty times at once', async () => {
    const person = await signedIn(t, idp);
    const token = await idp.sign(idp.logoutClaims({ sub: person.sub }));

    const replies = await Promise.all(Array.from({ length: 20 }, () => sendLogoutToken(token)));
    const later = await signedIn(t, idp, person);
    const replayed = await sendLogoutToken(token);

    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 400)).toHaveLength(19);
    expect(replayed.status).toBe(400);
    expect((await me(later)).status).toBe(200);
  });

  it('returns the same response whether or not the user has a session', async () => {
    const person = await signedIn(t, idp);

    const known = await sendLogoutToken(await idp.sign(idp.logoutClaims({ sub: person.sub })));
    const unknown = await sendLogoutToken(await idp.sign(idp.logoutClaims({ sub: 'unknown' })));

    expect([known.status, await known.text()]).toEqual([unknown.status, await unknown.text()]);
  });

  it('accepts a logout token without exp for two minutes, once', async () => {
    const person = await signedIn(t, idp);
    const claims = { ...idp.logoutClaims({ sub: person.sub }), exp: undefined };
    const old = await sendLogoutToken(await idp.sign({ ...claims, iat: now() - 121 }));
    const stillIn = await me(person);
    const token = await idp.sign(claims);
    const fresh = [await sendLogoutToken(token), await sendLogoutToken(token)];

    expect([old.status, stillIn.status]).toEqual([400, 200]);
    expect(fresh.map(({ status }) => status)).toEqual([200, 400]);
    expect(await me(person)).toMatchObject(INVALID);
  });

  it('stores a digest of a used logout token, not its id', async () => {
    const claims = idp.logoutClaims({ sub: 'unknown' });
    await sendLogoutToken(await idp.sign(claims));

    expect(await t.sql('select 1 from used_logout_tokens')).not.toEqual([]);
    expect(await columnsContaining(t.sql, claims.jti!)).toEqual([]);
  });
});

describe('an invalid logout token', () => {
  const forgeries: [string, (claims: JWTPayload) => JWTPayload][] = [
    ['without the event', (claims) => ({ ...claims, events: undefined })],
    ['with another event', (claims) => ({ ...claims, events: { 'urn:other': {} } })],
    ['with a nonce, as an ID token has one', (claims) => ({ ...claims, nonce: 'n' })],
    ['meant for another client', (claims) => ({ ...claims, aud: 'another-client' })],
    ['of another issuer', (claims) => ({ ...claims, iss: 'https://evil.test' })],
    ['that has expired', (claims) => ({ ...claims, iat: now() - 7200, exp: now() - 3600 })],
    ['that names no subject', (claims) => ({ ...claims, sub: undefined })],
    ['without a jti', (claims) => ({ ...claims, jti: undefined })],
  ];

  it.each(forgeries)('refuses a logout token %s and ends no session', async (_, forge) => {
    const person = await signedIn(t, idp);

    const reply = await sendLogoutToken(await idp.sign(forge(idp.logoutClaims({ sub: person.sub }))));

    await expectRefusal(reply);
    expect((await me(person)).status).toBe(200);
  });

  it('refuses a logout token that is unsigned or signed with another key, and ends no session', async () => {
    const person = await signedIn(t, idp);
    const claims = idp.logoutClaims({ sub: person.sub });
    const secret = new TextEncoder().encode(idp.environment['OAUTH_CLIENT_SECRET']);
    const header = { alg: 'HS256', kid: 'test-key' };

    for (const token of [
      new UnsecuredJWT(claims).encode(),
      await new SignJWT(claims).setProtectedHeader(header).sign(secret),
      `${(await idp.sign(claims)).split('.', 2).join('.')}.c2ln`,
      'nonsense',
      '',
    ])
      await expectRefusal(await sendLogoutToken(token));
    expect((await me(person)).status).toBe(200);
  });

  it('refuses a request that does not have exactly one logout token', async () => {
    const token = await idp.sign(idp.logoutClaims({ sub: 'unknown' }));
    const twice = new URLSearchParams([
      ['logout_token', token],
      ['logout_token', token],
    ]);

    await expectRefusal(await fetch(`${t.url}${BACKCHANNEL}`, { method: 'POST', body: twice }));
    await expectRefusal(await fetch(`${t.url}${BACKCHANNEL}`, { method: 'POST' }));
  });
});

const now = () => Math.floor(Date.now() / 1000);

const sendLogoutToken = (token: string): Promise<Response> =>
  fetch(`${t.url}${BACKCHANNEL}`, { method: 'POST', body: new URLSearchParams({ logout_token: token }) });

async function expectRefusal(reply: Response): Promise<void> {
  expect([reply.status, reply.headers.get('cache-control')]).toEqual([400, 'no-store']);
  expect(await reply.json()).toEqual({ error: 'invalid_request', error_description: expect.any(String) });
}
