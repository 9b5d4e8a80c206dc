import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import { Browser } from '../support/browser.js';
import { HostileProvider } from '../support/hostile-provider.js';
import { freePort } from '../support/free-port.js';
import { LOGIN, TestIdentityProvider } from '../support/identity-provider.js';
import { logoutClaims, now } from '../support/logout-claims.js';
import { loggedDuring } from '../support/server-host.js';
import { BACKCHANNEL } from '../support/sso-session.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const LIMIT = 5; // failures per minute and network

const send = async (t: TestApp, token: string): Promise<{ status: number; retryAfter: string | null }> => {
  const body = new URLSearchParams({ logout_token: token });
  const { status, headers } = await fetch(`${t.url}${BACKCHANNEL}`, { method: 'POST', body });
  return { status, retryAfter: headers.get('retry-after') };
};

const statuses = async (t: TestApp, tokens: readonly string[]) => {
  const found: number[] = [];
  for (const token of tokens) found.push((await send(t, token)).status);
  return found;
};

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

it('returns 404 and logs nothing in basic-auth mode, whatever the logout token is', async () => {
  const basic = await startTestApp();
  await pause(1000); // in which servers of the test file before may repeat a warning
  const log = await loggedDuring(async () => {
    for (const token of ['', 'nonsense', 'e30.e30.c2ln']) expect((await send(basic, token)).status).toBe(404);
    const empty = await fetch(`${basic.url}${BACKCHANNEL}`, { method: 'POST' });
    expect(empty.status).toBe(404);
    expect(await empty.json()).toEqual({ detail: expect.stringContaining('not set up') });
  });
  await basic.close();

  expect(log).toBe('');
});

it('logs sign-ins that have no effect in basic-auth mode at most once a second', async () => {
  const basic = await startTestApp();
  const begun = performance.now();
  const log = await loggedDuring(() =>
    Promise.all(times(20, () => basic.api.get('/api/v1/oauth/custom-oidc/callback'))),
  );
  const seconds = (performance.now() - begun) / 1000;
  await basic.close();

  expect(log.match(/a sign-in failed: sso_disabled/g)!.length).toBeLessThanOrEqual(2 + seconds);
});

describe('back-channel logout with single sign-on', () => {
  let provider: HostileProvider;
  let t: TestApp;
  beforeAll(async () => {
    provider = await HostileProvider.start();
    t = await startTestApp({
      ...provider.environment(`http://127.0.0.1:${await freePort()}`),
      RATE_LIMIT_LOGINS_PER_MINUTE: String(LIMIT),
    });
  });
  afterAll(async () => {
    await t.close();
    await provider.stop();
  });

  const valid = () => provider.signed(logoutClaims(provider.issuer));
  const forged = (kid = 'one') => provider.signed(logoutClaims(provider.issuer), { kid }, 'unpublished');

  // In this order: the first test begins without a known key set, the last withdraws the keys.
  it('requests no keys from the provider when the claims of a logout token are wrong', async () => {
    const wrong = [
      { iss: 'https://evil.test' },
      { aud: 'another-client' },
      { exp: now() - 60 },
      { events: {} },
      { jti: undefined },
    ];

    for (const changes of wrong)
      expect((await send(t, await provider.signed(logoutClaims(provider.issuer, changes)))).status).toBe(400);
    expect((await send(t, `e30.${'a'.repeat(20_000)}.c2ln`)).status).not.toBe(200);
    expect(provider.keySetsServed).toBe(0);
  });

  it('returns 429 with Retry-After to an address that sent too many logout tokens that fail verification', async () => {
    const found = await Promise.all(times(2 * LIMIT, async () => send(t, await forged())));
    const refused = found.filter(({ status }) => status === 429);

    expect(refused.length).toBeGreaterThanOrEqual(LIMIT);
    for (const { retryAfter } of refused) expect(Number(retryAfter)).toBeGreaterThan(0);
  });

  it('accepts valid logout tokens from an address that sent too many that fail verification', async () => {
    const tokens = await Promise.all(times(20, valid));

    expect(await statuses(t, [await forged()])).toEqual([429]);
    expect(await statuses(t, tokens)).toEqual(times(20, () => 200));
  });

  it('requests the provider’s keys at most once in 30 s, however many logout tokens name unknown keys', async () => {
    const served = provider.keySetsServed;

    for (let round = 0; round < 3; round++)
      // those of one round share a request in flight
      await Promise.all(times(10, async () => send(t, await forged(`made-up-${randomUUID()}`))));

    expect(provider.keySetsServed - served).toBeLessThanOrEqual(1);
  });

  it('logs refused logout tokens at most once per second and reason, with their number', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1100)); // the second of the tests before is over
    const begun = performance.now();
    const log = await loggedDuring(async () => {
      await Promise.all(times(40, async () => send(t, await forged())));
      await new Promise((resolve) => setTimeout(resolve, 1100));
    });
    const seconds = (performance.now() - begun) / 1000;
    const lines = log.split('\n').filter((line) => line.includes('a logout token was refused: signature'));

    expect(lines.length).toBeLessThanOrEqual(1 + seconds);
    const repeats = lines.map((line) => Number(/\((\d+) more\)/.exec(line)?.[1] ?? 1));
    expect(repeats.reduce((sum, count) => sum + count, 0)).toBe(40);
  });
});

it('accepts logout tokens of a new key from an address that sent too many that fail verification', async () => {
  const provider = await HostileProvider.start();
  const appUrl = `http://127.0.0.1:${await freePort()}`;
  const t = await startTestApp({ ...provider.environment(appUrl), RATE_LIMIT_LOGINS_PER_MINUTE: '1' });
  await send(t, await provider.signed(logoutClaims(provider.issuer)));
  const found = await statuses(t, ['nonsense', 'nonsense']);
  const { sign } = await provider.rotateTo('three');
  const tokens = await Promise.all(times(10, async () => sign!(logoutClaims(provider.issuer), provider)));

  const responses = await Promise.all(tokens.map((token) => send(t, token)));
  await t.close();
  await provider.stop();

  expect(found).toEqual([400, 429]);
  expect(responses.map(({ status }) => status)).toEqual(times(10, () => 200));
});

describe('a sign-in with a key that was published a moment ago succeeds', () => {
  let provider: HostileProvider;
  let t: TestApp;
  beforeEach(async () => {
    provider = await HostileProvider.start();
    t = await startTestApp(provider.environment(`http://127.0.0.1:${await freePort()}`));
    expect(await signIn()).toBe(302); // the old keys are known
  });
  afterEach(async () => {
    await t.close();
    await provider.stop();
  });

  const signIn = async (forgery = {}) => {
    const browser = new Browser();
    const { location } = await browser.open(`${t.url}${LOGIN}`);
    return (await browser.open(provider.accept(location!, forgery))).status;
  };
  const nameUnknownKey = async () =>
    (await send(t, await provider.signed(logoutClaims(provider.issuer), { kid: 'made-up' }))).status;

  it('although a logout token has named an unknown key just before', async () => {
    expect(await nameUnknownKey()).toBe(400);
    expect(provider.keySetsServed).toBe(3); // for sign-ins, for logout tokens, and again for the unknown key

    expect(await signIn(await provider.rotateTo('three'))).toBe(302);
  });

  it('while the keys from before are on their way for a logout token', async () => {
    const { promise: delay, resolve: end } = Promise.withResolvers<void>();
    provider.keySetDelay = delay;
    const logout = nameUnknownKey();
    await until(() => provider.keySetsServed === 2);
    const signedIn = signIn(await provider.rotateTo('three'));
    await pause(300); // for the exchange of the code
    end();

    expect([await logout, await signedIn]).toEqual([400, 302]);
  });
});

it('requests the keys once from a provider that returns none, however many logout tokens arrive', async () => {
  const idp = await TestIdentityProvider.start({ appUrl: `http://127.0.0.1:${await freePort()}` });
  let asked = 0;
  idp.interfere = (path) => (path === '/jwks' ? (asked++, 503) : null);
  const t = await startTestApp(idp.environment);

  const tokens = await Promise.all(times(10, () => idp.sign(idp.logoutClaims({ sub: 'unknown' }))));
  const found = await statuses(t, tokens);
  await t.close();
  await idp.stop();

  expect(found).toEqual(times(10, () => 502));
  expect(asked).toBe(1);
});
