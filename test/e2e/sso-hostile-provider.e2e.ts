import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { base64url, generateKeyPair, SignJWT } from 'jose';
import { Browser, type Page } from '../support/browser.js';
import {
  ACCESS_TOKEN,
  broken,
  elsewhere,
  HostileProvider,
  huge,
  type Forgery,
  never,
  nonsense,
} from '../support/hostile-provider.js';
import { freePort } from '../support/free-port.js';
import { CALLBACK, LOGIN } from '../support/identity-provider.js';
import { loggedDuring } from '../support/server-host.js';
import { makeRefreshDue, ME } from '../support/sso-session.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const SESSION = 'tenantry_session';
const now = () => Math.floor(Date.now() / 1000);

type Environment = { t: TestApp; provider: HostileProvider };

/** A server with its own database and provider. */
async function startEnvironment(): Promise<Environment> {
  const provider = await HostileProvider.start();
  return { provider, t: await startTestApp(provider.environment(`http://127.0.0.1:${await freePort()}`)) };
}

async function stopEnvironment({ t, provider }: Environment): Promise<void> {
  await t.close();
  await provider.stop();
}

let t: TestApp;
let provider: HostileProvider;
let silent: Environment;
/** The longest wait of a login for a provider that does not respond: started before all tests, read by the last. */
let waited: Promise<number>;
beforeAll(async () => {
  silent = await startEnvironment();
  ({ t, provider } = await startEnvironment());
  waited = timeLoginsWithoutResponse(silent);
  waited.catch(() => undefined); // the last test reports the rejection
});
afterAll(async () => {
  await stopEnvironment({ t, provider });
  await stopEnvironment(silent);
});

/** Starts a login and returns the address of the authorization request. */
async function begin(browser: Browser, { url } = t): Promise<string> {
  const { status, location } = await browser.open(`${url}${LOGIN}`);
  if (status !== 302) throw new Error(`the login does not begin: ${status}`);
  return location!;
}

async function logIn(
  forgery: Forgery = {},
  browser = new Browser(),
  environment: Environment = { t, provider },
): Promise<Page> {
  return browser.open(environment.provider.accept(await begin(browser, environment.t), forgery));
}

/** Runs `use` with the address that starts a login on a server whose provider sends other metadata. */
async function withMetadata<Result>(
  options: Parameters<typeof HostileProvider.start>,
  use: (loginUrl: string) => Promise<Result>,
  { databaseUrl } = t,
): Promise<Result> {
  const hostile = await HostileProvider.start(...options);
  const environment = hostile.environment(`http://127.0.0.1:${await freePort()}`);
  const app = await startTestApp(environment, databaseUrl);
  try {
    expect((await app.api.get('/api/v1/ok')).status).toBe(200);
    return await use(`${app.url}${LOGIN}`);
  } finally {
    await app.close();
    await hostile.stop();
  }
}

const sessions = async ({ sql }: TestApp) =>
  (await sql<{ n: number }>('select count(*)::int as n from sessions'))[0]!.n;

/** Expects an error page with this status and code, no session, and no secret in the page. */
async function expectRefused(
  attempt: () => Promise<Page>,
  [status, code]: readonly [number, string],
  environment: Environment = { t, provider },
): Promise<void> {
  const before = await sessions(environment.t);
  const page = await attempt();
  expect([page.status, /<code>(\w+)<\/code>/.exec(page.body)?.[1]]).toEqual([status, code]);
  expect(page.headers.getSetCookie().join()).not.toContain(SESSION);
  expect(await sessions(environment.t)).toBe(before);
  for (const secret of [...environment.provider.clientSecrets, ACCESS_TOKEN, 'ada@example.com', 'code-'])
    expect(page.body).not.toContain(secret);
}

/**
 * The milliseconds of the slowest login, without the start of its server. Uses its own server and provider, because the
 * other tests count sessions and key sets.
 */
function timeLoginsWithoutResponse(environment: Environment): Promise<number> {
  const timeLogins = async (urlWithoutMetadata: string) => {
    const waits = await Promise.all([
      timeRefusal(() => logIn({ tokenEndpoint: never }, new Browser(), environment), environment),
      timeRefusal(() => logIn({ userInfoEndpoint: never }, new Browser(), environment), environment),
      timeRefusal(() => new Browser().open(urlWithoutMetadata), environment),
    ]);
    return Math.max(...waits);
  };
  return withMetadata([{}, never], timeLogins, environment.t);
}

async function timeRefusal(attempt: () => Promise<Page>, environment: Environment): Promise<number> {
  let waitedMs = NaN;
  const timed = async () => {
    const started = performance.now();
    const page = await attempt();
    waitedMs = performance.now() - started;
    return page;
  };
  await expectRefused(timed, SILENT, environment);
  return waitedMs;
}

/** With the key id of a published key. */
const signedByForeignKey: NonNullable<Forgery['sign']> = (payload, p) => p.signed(payload, {}, 'unpublished');

const ID_TOKEN = [401, 'invalid_id_token'] as const;
const NOT_THIS_LOGIN = [400, 'invalid_login_state'] as const;
const UNAVAILABLE = [502, 'provider_unavailable'] as const;
const SILENT = [504, 'provider_unavailable'] as const;

describe('a login at a provider that follows the standards', () => {
  it("creates a session and loads the provider's keys once", async () => {
    const served = provider.keySetsServed;
    const [first, second] = [new Browser(), new Browser()];

    expect(await logIn({}, first)).toMatchObject({ status: 302, location: `${t.url}/` });
    expect(await logIn({}, second)).toMatchObject({ status: 302 });

    expect(first.cookies(t.url)).toHaveProperty(SESSION);
    expect(second.cookies(t.url)[SESSION]).not.toBe(first.cookies(t.url)[SESSION]);
    expect(provider.keySetsServed - served).toBe(1);
  });

  it('accepts an ID token for several audiences when we are the authorized party', async () => {
    const forgery = { claims: { aud: ['other', 'tenantry'], azp: 'tenantry' } };
    expect((await logIn(forgery)).status).toBe(302);
  });
});

describe('an ID token that must be refused', () => {
  const hs256 = (key: string) => (payload: object) =>
    new SignJWT({ ...payload }).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(Buffer.from(key));
  const rs256 = async (payload: object) =>
    new SignJWT({ ...payload })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign((await generateKeyPair('RS256')).privateKey);
  const unsigned = (alg: string) => (payload: object) =>
    `${base64url.encode(JSON.stringify({ alg }))}.${base64url.encode(JSON.stringify(payload))}.`;

  it.each<[string, Forgery]>([
    ['is signed with a foreign key', { sign: signedByForeignKey }],
    ['was changed', { sign: async (payload, p) => changed(await p.signed(payload)) }],
    ['is not signed', { sign: unsigned('none') }],
    ['is not signed, with alg NONE', { sign: unsigned('NONE') }],
    ['is signed with our public key as a secret', { sign: (payload, p) => hs256(p.publicKey)(payload) }],
    ['is signed with the client secret', { sign: (payload) => hs256('hush'.repeat(8))(payload) }],
    ['is signed by an algorithm that was not announced', { sign: rs256 }],
    ['is no JWT', { sign: () => 'nonsense' }],
    ['names no key where there are two', { header: { kid: undefined } }],
    ['is of another issuer', { claims: { iss: 'https://idp.evil.test' } }],
    ['is for another client', { claims: { aud: 'other' } }],
    ['is for several audiences without an authorized party', { claims: { aud: ['other', 'tenantry'] } }],
    ['has another authorized party', { claims: { azp: 'other' } }],
    ['never expires', { claims: { exp: undefined } }],
    ['has expired', { claims: { exp: now() - 1, iat: now() - 300 } }],
    ['has no iat', { claims: { iat: undefined } }],
    ['has the nonce of another login', { claims: { nonce: 'another' } }],
    ['has no nonce', { claims: { nonce: undefined } }],
    ['is for another access token', { claims: { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' } }],
    ['has an empty subject', { claims: { sub: '' } }],
    ['is contradicted by UserInfo', { userInfo: { sub: 'grace' } }],
    ['comes with UserInfo without a subject', { userInfo: { sub: undefined } }],
  ])('refuses an ID token that %s', async (_, forgery) => {
    await expectRefused(() => logIn(forgery), ID_TOKEN);
  });
});

it('takes no time of a sign-in that is still to come for a recent one, but for the skew of clocks', async () => {
  await t.sql('update organizations set max_authentication_age = 300');
  try {
    for (const seconds of [3600, 90])
      await expectRefused(
        () => logIn({ claims: { auth_time: now() + seconds } }),
        [403, 'authentication_too_old'],
      );
    expect((await logIn({ claims: { auth_time: now() + 20 } })).status).toBe(302);
  } finally {
    await t.sql('update organizations set max_authentication_age = null');
  }
});

it('checks the signature of an ID token before its claims', async () => {
  const claims = { iss: 'https://idp.evil.test', nonce: 'another' };

  const reason = 'invalid_id_token (formerly id_token_refused) (signature)';
  const log = await loggedDuring(
    () => expectRefused(() => logIn({ sign: signedByForeignKey, claims }), ID_TOKEN),
    reason, // a line that was written a moment ago is repeated within a second
  );

  expect(log).toContain(reason);
});

describe('a callback that belongs to no login of this browser', () => {
  it.each<[string, Forgery]>([
    ['has no state', { callback: { state: undefined } }],
    ['has an unknown state', { callback: { state: 'A'.repeat(43) } }],
    ['has no code', { callback: { code: undefined } }],
    ['comes from an issuer that hides its name', { callback: { iss: undefined } }],
    ['comes from another issuer', { callback: { iss: 'https://idp.evil.test' } }],
  ])('refuses a callback that %s', async (_, forgery) => {
    await expectRefused(() => logIn(forgery), NOT_THIS_LOGIN);
  });

  it("refuses the callback of another browser's login", async () => {
    const url = provider.accept(await begin(new Browser()));
    const victim = new Browser();
    await begin(victim);

    await expectRefused(() => victim.open(url), NOT_THIS_LOGIN);
  });

  it('refuses a callback with a login cookie that was changed', async () => {
    const [honest, forger] = [new Browser(), new Browser()];
    const url = provider.accept(await begin(honest));
    for (const [name, value] of Object.entries(honest.cookies(t.url)))
      forger.setCookie(
        t.url,
        name,
        `${value.slice(0, 40)}${value[40] === 'A' ? 'B' : 'A'}${value.slice(41)}`,
      );

    await expectRefused(() => forger.open(url), NOT_THIS_LOGIN);
  });

  it('refuses a repeated callback, also with the cookies of the first one', async () => {
    const browser = new Browser();
    const url = provider.accept(await begin(browser));
    const copy = new Browser();
    for (const [name, value] of Object.entries(browser.cookies(t.url))) copy.setCookie(t.url, name, value);
    expect((await browser.open(url)).status).toBe(302);

    await expectRefused(() => copy.open(url), NOT_THIS_LOGIN);
    await expectRefused(() => browser.open(url), NOT_THIS_LOGIN);
  });

  it('signs in only one of two identical callbacks at the same moment', async () => {
    const browser = new Browser();
    const url = provider.accept(await begin(browser));

    const pages = await Promise.all(Array.from({ length: 8 }, () => browser.open(url)));

    expect(pages.filter(({ status }) => status === 302)).toHaveLength(1);
    expect(pages.filter(({ status }) => status === 400)).toHaveLength(7);
  });

  it('refuses a callback with the authorization code of another login', async () => {
    const thief = new URL(provider.accept(await begin(new Browser()))).searchParams.get('code')!;

    await expectRefused(() => logIn({ callback: { code: thief } }), [400, 'authorization_code_rejected']);
  });
});

describe('the ID token of a refreshed session', () => {
  /** The status of a request whose session is renewed, and of the next one. */
  async function afterRefresh(refreshed: Record<string, unknown>, forgery: Forgery = {}): Promise<number[]> {
    const browser = new Browser();
    const sub = randomUUID();
    const person = { sub, email: `${sub}@example.com` };
    const login = { claims: person, userInfo: person, refreshed: { ...person, ...refreshed }, ...forgery };
    expect((await logIn(login, browser)).status).toBe(302);
    const headers = browser.cookieHeader(t.url);
    const [user] = await t.sql<{ id: string }>('select id from users where email = $1', [person.email]);
    await makeRefreshDue(t, { userId: user!.id }, 'lapsed');
    const ask = async () => (await t.api.send('GET', ME, undefined, { headers })).status;
    return [await ask(), await ask()];
  }

  it('keeps the session when a refresh returns an ID token of the same person', async () => {
    expect(await afterRefresh({})).toEqual([200, 200]);
  });

  it.each([
    ['names another person', { sub: 'grace' }],
    ['is of another issuer', { iss: 'https://idp.evil.test' }],
    ['is for another client', { aud: 'other' }],
    ['has expired', { exp: now() - 1, iat: now() - 300 }],
  ])('ends the session when a refresh returns an ID token that %s', async (_, refreshed) => {
    expect(await afterRefresh(refreshed)).toEqual([401, 401]);
  });

  it('ends the session when a foreign key signed the ID token of a refresh, whatever its claims are', async () => {
    for (const refreshed of [{}, { iss: 'https://idp.evil.test' }]) {
      const reason = 'the new ID token was refused (signature)';
      const log = await loggedDuring(
        async () =>
          expect(await afterRefresh(refreshed, { signRefreshed: signedByForeignKey })).toEqual([401, 401]),
        reason,
      );

      expect(log).toContain(reason);
    }
  });
});

describe('an error response of the provider', () => {
  it.each([
    ['access_denied', 403, 'authorization_denied'],
    ['<script>alert(1)</script>', 403, 'authorization_denied'],
    ['temporarily_unavailable', 502, 'provider_temporarily_unavailable'],
  ])("shows our own text for the provider's error %s", async (error, status, code) => {
    const description = '<img src=x onerror=alert(1)> ada@example.com';
    const forgery = { callback: { code: undefined, error, error_description: description } };
    let page: Page | undefined;

    await expectRefused(async () => (page = await logIn(forgery)), [status, code]);

    expect(page!.body).not.toMatch(/<script|<img|onerror/);
  });

  it('ignores an error response when the browser has started no login', async () => {
    const url = `${t.url}${CALLBACK}?error=access_denied&state=${'A'.repeat(43)}&iss=${provider.issuer}`;

    await expectRefused(() => new Browser().open(url), NOT_THIS_LOGIN);
  });

  it('returns 403 client_authentication_rejected when the provider rejects the client credentials', async () => {
    const refuses: Forgery['tokenEndpoint'] = (response) =>
      void response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}');

    await expectRefused(() => logIn({ tokenEndpoint: refuses }), [403, 'client_authentication_rejected']);
  });
});

describe('a provider that fails', () => {
  it.each<[string, Forgery]>([
    ['returns an error at the token endpoint', { tokenEndpoint: broken }],
    ['sends no JSON', { tokenEndpoint: nonsense }],
    ['sends a response without end', { tokenEndpoint: huge }],
    ['redirects from the token endpoint', { tokenEndpoint: elsewhere('http://169.254.169.254/') }],
    ['returns an error at the UserInfo endpoint', { userInfoEndpoint: broken }],
    ['redirects from the UserInfo endpoint', { userInfoEndpoint: elsewhere('http://127.0.0.1:1/') }],
    ['sends UserInfo without end', { userInfoEndpoint: huge }],
  ])('returns 502 when the provider %s', async (_, forgery) => {
    await expectRefused(() => logIn(forgery), UNAVAILABLE);
  });
});

describe('provider metadata that must be refused', () => {
  it.each<[string, Record<string, unknown>, Parameters<typeof HostileProvider.start>[1]]>([
    ['are those of another issuer', { issuer: 'http://127.0.0.1:1' }, undefined],
    ['name an endpoint without TLS', { token_endpoint: 'http://idp.example.com/token' }, undefined],
    ['are a redirect to another address', {}, elsewhere('http://169.254.169.254/')],
    ['are an error response', {}, broken],
    ['have no end', {}, huge],
  ])('returns 502 when the provider metadata %s', async (_, metadata, discovery) => {
    const start = (url: string) => new Browser().open(url);
    await expectRefused(() => withMetadata([metadata, discovery], start), UNAVAILABLE);
  });
});

it('writes no data of a failed login to the logs or to the audit log', async () => {
  // a line that was written a moment ago is repeated within a second
  const reasons = [
    'invalid_id_token (formerly id_token_refused) (nonce)',
    'authorization_denied (formerly provider_said_no) (unknown)',
    'token endpoint: status 500',
  ] as const;
  const logs = [
    await loggedDuring(() => logIn({ claims: { nonce: 'another' } }), reasons[0]),
    await loggedDuring(() => logIn({ callback: { code: undefined, error: 'ada@example.com' } }), reasons[1]),
    await loggedDuring(() => logIn({ tokenEndpoint: broken }), reasons[2]),
  ].join('');
  const rows = await t.sql(
    `select * from audit_entries where operation = 'login' and not succeeded order by created_at desc limit 3`,
  );

  for (const reason of reasons) expect(logs).toContain(reason);
  expect(rows.map((row) => row['response_status'])).toEqual([502, 403, 401]);
  const [org] = await t.sql('select id from organizations where is_default');
  expect(rows.map((row) => [row['org_id'], row['details']])).toEqual(
    [
      { code: 'provider_unavailable', request: 'token endpoint' },
      { code: 'authorization_denied' },
      { code: 'invalid_id_token', flaw: 'nonce' },
    ].map((details) => [org!['id'], { method: 'sso', request_id: expect.any(String), ...details }]),
  );
  for (const text of [logs, JSON.stringify(rows)])
    expect(text).not.toMatch(/code-|eyJ|ada@|the-access-token|state=|hush/);
});

describe('the signing keys of the provider', () => {
  // must be the last test: afterwards nothing is signed with a published key
  it('accepts a key that was published a second ago, and loads no keys again for unknown key ids', async () => {
    const rotated = await provider.rotateTo('three');

    expect((await logIn(rotated)).status).toBe(302);

    const served = provider.keySetsServed;
    await expectRefused(() => logIn({ header: { kid: 'made up' } }), ID_TOKEN);
    await expectRefused(() => logIn({ header: { kid: 'made up again' } }), ID_TOKEN);
    expect(provider.keySetsServed).toBe(served);
    await expectRefused(() => logIn(), ID_TOKEN); // the old key is no longer published
  });
});

it('waits less than ten seconds for a provider that never responds', async () => {
  expect(await waited).toBeLessThan(10_000);
});

function changed(token: string): string {
  const [header, payload, signature] = token.split('.');
  const claims = { ...JSON.parse(Buffer.from(payload!, 'base64url').toString()), sub: 'grace' };
  return [header, base64url.encode(JSON.stringify(claims)), signature].join('.');
}
