import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SILENT_REPLICA_MS, timed, withSilentReplica } from '../support/access-changes/silent-replica.js';
import { Browser } from '../support/browser.js';
import { HostileProvider } from '../support/hostile-provider.js';
import { freePort } from '../support/free-port.js';
import { LOGIN } from '../support/identity-provider.js';
import { logoutClaims } from '../support/logout-claims.js';
import { BACKCHANNEL, LOGOUT, ME } from '../support/sso-session.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const FRONTCHANNEL = '/api/v1/oauth/custom-oidc/frontchannel-logout';

let provider: HostileProvider;
let t: TestApp;
beforeAll(async () => {
  provider = await HostileProvider.start();
  t = await startTestApp(provider.environment(`http://127.0.0.1:${await freePort()}`));
});
afterAll(async () => {
  await t.close();
  await provider.stop();
});

/** A browser that has signed in, in a session with this id at the provider. */
async function signedIn(sid: string, sub: string = randomUUID()) {
  const browser = new Browser();
  const { location } = await browser.open(`${t.url}${LOGIN}`);
  const person = { sub, email: `${sub}@example.com` };
  const page = await browser.open(
    provider.accept(location!, { claims: { ...person, sid }, userInfo: person }),
  );
  if (page.status !== 302) throw new Error(`the sign-in failed: ${page.status}`);
  return async () => (await t.api.get(ME, { headers: browser.cookieHeader(t.url) })).status;
}

const framed = (parameters: Record<string, string>, url = t.url) =>
  new Browser().open(`${url}${FRONTCHANNEL}?${new URLSearchParams(parameters)}`);

describe('a front-channel logout', () => {
  it('ends the session with that session id and no other session of the user', async () => {
    const [sid, sub] = [randomUUID(), randomUUID()];
    const status = await signedIn(sid, sub);
    const elsewhere = await signedIn(randomUUID(), sub);

    const page = await framed({ iss: provider.issuer, sid });

    expect(page.status).toBe(200);
    expect([await status(), await elsewhere()]).toEqual([401, 200]);
    const [entry] = await t.sql(
      `select details - 'request_id' as details from audit_entries where details->>'event' = 'logout' order by id desc limit 1`,
    );
    expect(entry).toEqual({ details: { event: 'logout', ended_by: 'provider' } });
  });

  it('responds when the session has ended on every replica, also if the provider sends it several times', async () => {
    const [sid, sub] = [randomUUID(), randomUUID()];
    await signedIn(sid, sub);
    const token = await provider.signed(logoutClaims(provider.issuer, { sub, sid }));
    const body = new URLSearchParams({ logout_token: token });
    const logouts: (() => Promise<{ status: number }>)[] = [
      () => framed({ iss: provider.issuer, sid }),
      () => framed({ iss: provider.issuer, sid }),
      () => fetch(`${t.url}${BACKCHANNEL}`, { method: 'POST', body }),
    ];

    const responses = await withSilentReplica(t, () => Promise.all(logouts.map((logout) => timed(logout))));

    expect(responses.map(({ result }) => result.status)).toEqual([200, 200, 200]);
    for (const { ms } of responses) expect(ms).toBeGreaterThanOrEqual(SILENT_REPLICA_MS);
  });

  it('responds alike to an unknown session id', async () => {
    const sid = randomUUID();
    await signedIn(sid);

    const [known, unknown] = [
      await framed({ iss: provider.issuer, sid }),
      await framed({ iss: provider.issuer, sid: randomUUID() }),
    ];

    expect([unknown.status, unknown.body]).toEqual([known.status, known.body]);
  });

  it.each<[string, (sid: string) => Record<string, string>]>([
    ['another issuer', (sid) => ({ iss: 'https://idp.evil.test', sid })],
    ['no issuer', (sid) => ({ sid })],
    ['no session id', () => ({ iss: provider.issuer })],
    ['a subject in place of a session id', (sid) => ({ iss: provider.issuer, sub: sid })],
  ])('returns 400 for %s and ends no session', async (_, parametersFor) => {
    const sid = randomUUID();
    const status = await signedIn(sid, sid);

    const page = await framed(parametersFor(sid));

    expect(page.status).toBe(400);
    expect(page.headers.get('x-error-code')).toBe('invalid_frontchannel_logout');
    expect(await status()).toBe(200);
  });

  it('returns 400 for a session id that could be guessed', async () => {
    const status = await signedIn('1234567');

    expect((await framed({ iss: provider.issuer, sid: '1234567' })).status).toBe(400);
    expect(await status()).toBe(200);
  });

  it('returns 400 for a repeated parameter', async () => {
    const sid = randomUUID();
    const query = `iss=${encodeURIComponent(provider.issuer)}&sid=${sid}&sid=${sid}`;

    expect((await new Browser().open(`${t.url}${FRONTCHANNEL}?${query}`)).status).toBe(400);
  });

  it('limits how many session ids a network may try', async () => {
    const environment = provider.environment(`http://127.0.0.1:${await freePort()}`);
    const limited = await startTestApp({ ...environment, RATE_LIMIT_LOGINS_PER_MINUTE: '3' }, t.databaseUrl);
    const statuses: number[] = [];
    for (let guess = 0; guess < 5; guess++)
      statuses.push((await framed({ iss: provider.issuer, sid: randomUUID() }, limited.url)).status);
    await limited.close();

    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });

  it('returns 404 without single sign-on', async () => {
    const basic = await startTestApp();
    const { status } = await framed({ iss: provider.issuer, sid: randomUUID() }, basic.url);
    await basic.close();

    expect(status).toBe(404);
  });
});

describe('frames', () => {
  it('are allowed for the response to a front-channel logout only, on pages of the provider', async () => {
    const page = await framed({ iss: provider.issuer, sid: randomUUID() });

    expect(page.headers.get('x-frame-options')).toBeNull();
    expect(page.headers.get('content-security-policy')).toBe(
      `default-src 'none'; frame-ancestors ${provider.issuer}`,
    );
    for (const path of ['/signed-out', '/api/v1/info', '/docs', LOGIN, LOGOUT, '/nowhere'])
      expect((await new Browser().open(`${t.url}${path}`)).headers.get('x-frame-options')).toBe('DENY');
    const refused = await framed({ iss: 'https://idp.evil.test', sid: randomUUID() });
    expect(refused.headers.get('x-frame-options')).toBe('DENY');
  });
});
