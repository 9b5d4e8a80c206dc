/** @takes-long, waiting */
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
import { CALLBACK, freePort, LOGIN } from '../support/identity-provider.js';
import { loggedDuring } from '../support/server-host.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const SESSION = 'tenantry_session';
const now = () => Math.floor(Date.now() / 1000);

type World = { t: TestApp; provider: HostileProvider };

/** A server with a database and a provider of its own. */
async function startWorld(): Promise<World> {
  const provider = await HostileProvider.start();
  return { provider, t: await startTestApp(provider.environment(`http://127.0.0.1:${await freePort()}`)) };
}

async function stopWorld({ t, provider }: World): Promise<void> {
  await t.close();
  await provider.stop();
}

let t: TestApp;
let provider: HostileProvider;
let silent: World;
/** How long logins waited that got no answer: begun before all tests, and looked at by the last. */
let waited: Promise<number>;
beforeAll(async () => {
  silent = await startWorld();
  waited = waitInVain(silent);
  waited.catch(() => undefined); // the last test tells it
  ({ t, provider } = await startWorld());
});
afterAll(async () => {
  await stopWorld({ t, provider });
  await stopWorld(silent);
});

/** Up to the provider: the address that it would be asked with. */
async function begin(browser: Browser, { url } = t): Promise<string> {
  const { status, location } = await browser.open(`${url}${LOGIN}`);
  if (status !== 302) throw new Error(`the login does not begin: ${status}`);
  return location!;
}

async function logIn(
  lie: Forgery = {},
  browser = new Browser(),
  world: World = { t, provider },
): Promise<Page> {
  return browser.open(world.provider.accept(await begin(browser, world.t), lie));
}

/** Where a login would begin, with another provider: its server runs all the same. */
async function loginPageWith(
  lies: Parameters<typeof HostileProvider.start>,
  { databaseUrl } = t,
): Promise<Page> {
  const hostile = await HostileProvider.start(...lies);
  const environment = hostile.environment(`http://127.0.0.1:${await freePort()}`);
  const app = await startTestApp(environment, databaseUrl);
  try {
    expect((await app.api.get('/api/v1/ok')).status).toBe(200);
    return await new Browser().open(`${app.url}${LOGIN}`);
  } finally {
    await app.close();
    await hostile.stop();
  }
}

const sessions = async ({ sql }: TestApp) =>
  (await sql<{ n: number }>('select count(*)::int as n from sessions'))[0]!.n;

/** No session came out, and the page says what it must and nothing else. */
async function expectRefused(
  attempt: () => Promise<Page>,
  [status, code]: readonly [number, string],
  world: World = { t, provider },
): Promise<void> {
  const before = await sessions(world.t);
  const page = await attempt();
  expect([page.status, /<code>(\w+)<\/code>/.exec(page.body)?.[1]]).toEqual([status, code]);
  expect(page.headers.getSetCookie().join()).not.toContain(SESSION);
  expect(await sessions(world.t)).toBe(before);
  for (const secret of [...world.provider.clientSecrets, ACCESS_TOKEN, 'ada@example.com', 'code-'])
    expect(page.body).not.toContain(secret);
}

/** In a world of its own: the other tests count sessions and key sets. */
async function waitInVain(world: World): Promise<number> {
  const started = Date.now();
  const attempts = [
    () => logIn({ tokenEndpoint: never }, new Browser(), world),
    () => logIn({ userInfoEndpoint: never }, new Browser(), world),
    () => loginPageWith([{}, never], world.t),
  ];
  await Promise.all(attempts.map((attempt) => expectRefused(attempt, SILENT, world)));
  return Date.now() - started;
}

const ID_TOKEN = [401, 'id_token_refused'] as const;
const NOT_THIS_LOGIN = [400, 'not_this_login'] as const;
const UNAVAILABLE = [502, 'provider_unavailable'] as const;
const SILENT = [504, 'provider_unavailable'] as const;

describe('an honest login', () => {
  it('comes out with a session, and asks for the keys once', async () => {
    const served = provider.keySetsServed;
    const [first, second] = [new Browser(), new Browser()];

    expect(await logIn({}, first)).toMatchObject({ status: 302, location: `${t.url}/` });
    expect(await logIn({}, second)).toMatchObject({ status: 302 });

    expect(first.cookies(t.url)).toHaveProperty(SESSION);
    expect(second.cookies(t.url)[SESSION]).not.toBe(first.cookies(t.url)[SESSION]);
    expect(provider.keySetsServed - served).toBe(1);
  });

  it('need not have what is not promised: another UserInfo address, several audiences with us as the party', async () => {
    const lie = { claims: { aud: ['other', 'tenantry'], azp: 'tenantry' } };
    expect((await logIn(lie)).status).toBe(302);
  });
});

describe('an ID token that proves nothing', () => {
  const hs256 = (key: string) => (payload: object) =>
    new SignJWT({ ...payload }).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(Buffer.from(key));
  const rs256 = async (payload: object) =>
    new SignJWT({ ...payload })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign((await generateKeyPair('RS256')).privateKey);
  const unsigned = (alg: string) => (payload: object) =>
    `${base64url.encode(JSON.stringify({ alg }))}.${base64url.encode(JSON.stringify(payload))}.`;

  it.each<[string, Forgery]>([
    ['is signed with another key', { sign: (payload, p) => p.signed(payload, {}, 'unpublished') }],
    ['was changed', { sign: async (payload, p) => changed(await p.signed(payload)) }],
    ['is not signed', { sign: unsigned('none') }],
    ['is not signed, in other letters', { sign: unsigned('NONE') }],
    ['is signed with our public key as a secret', { sign: (payload, p) => hs256(p.publicKey)(payload) }],
    ['is signed with the client secret', { sign: (payload) => hs256('hush'.repeat(8))(payload) }],
    ['is signed by an algorithm that was not announced', { sign: rs256 }],
    ['is no token', { sign: () => 'nonsense' }],
    ['names no key where there are two', { header: { kid: undefined } }],
    ['is of another issuer', { claims: { iss: 'https://idp.evil.test' } }],
    ['is for somebody else', { claims: { aud: 'other' } }],
    ['is for several without a party', { claims: { aud: ['other', 'tenantry'] } }],
    ['was given to another party', { claims: { azp: 'other' } }],
    ['never expires', { claims: { exp: undefined } }],
    ['has expired', { claims: { exp: now() - 1, iat: now() - 300 } }],
    ['does not say since when', { claims: { iat: undefined } }],
    ['is of another login', { claims: { nonce: 'another' } }],
    ['is of no login', { claims: { nonce: undefined } }],
    ['is for another access token', { claims: { at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' } }],
    ['is about nobody', { claims: { sub: '' } }],
    ['is contradicted by UserInfo', { userInfo: { sub: 'grace' } }],
    ['comes with UserInfo about nobody', { userInfo: { sub: undefined } }],
  ])('%s', async (_, lie) => {
    await expectRefused(() => logIn(lie), ID_TOKEN);
  });
});

describe('a callback that belongs to no login of this browser', () => {
  it.each<[string, Forgery]>([
    ['has no state', { callback: { state: undefined } }],
    ['has a state of nobody', { callback: { state: 'A'.repeat(43) } }],
    ['has no code', { callback: { code: undefined } }],
    ['comes from an issuer that hides its name', { callback: { iss: undefined } }],
    ['comes from another issuer', { callback: { iss: 'https://idp.evil.test' } }],
  ])('%s', async (_, lie) => {
    await expectRefused(() => logIn(lie), NOT_THIS_LOGIN);
  });

  it('is one of another browser', async () => {
    const url = provider.accept(await begin(new Browser()));
    const victim = new Browser();
    await begin(victim);

    await expectRefused(() => victim.open(url), NOT_THIS_LOGIN);
  });

  it('has a cookie that was not made here', async () => {
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

  it('comes twice, also with the cookies of the first time', async () => {
    const browser = new Browser();
    const url = provider.accept(await begin(browser));
    const copy = new Browser();
    for (const [name, value] of Object.entries(browser.cookies(t.url))) copy.setCookie(t.url, name, value);
    expect((await browser.open(url)).status).toBe(302);

    await expectRefused(() => copy.open(url), NOT_THIS_LOGIN);
    await expectRefused(() => browser.open(url), NOT_THIS_LOGIN);
  });

  it('comes twice at once: one of them is signed in', async () => {
    const browser = new Browser();
    const url = provider.accept(await begin(browser));

    const pages = await Promise.all(Array.from({ length: 8 }, () => browser.open(url)));

    expect(pages.filter(({ status }) => status === 302)).toHaveLength(1);
    expect(pages.filter(({ status }) => status === 400)).toHaveLength(7);
  });

  it('brings a code of another login', async () => {
    const thief = new URL(provider.accept(await begin(new Browser()))).searchParams.get('code')!;

    await expectRefused(() => logIn({ callback: { code: thief } }), [400, 'code_refused']);
  });
});

describe('a provider that says no', () => {
  it.each([
    ['access_denied', 403, 'provider_said_no'],
    ['<script>alert(1)</script>', 403, 'provider_said_no'],
    ['temporarily_unavailable', 502, 'provider_is_not_well'],
  ])('is believed, in our words: %s', async (error, status, code) => {
    const description = '<img src=x onerror=alert(1)> ada@example.com';
    const lie = { callback: { code: undefined, error, error_description: description } };
    let page: Page | undefined;

    await expectRefused(async () => (page = await logIn(lie)), [status, code]);

    expect(page!.body).not.toMatch(/<script|<img|onerror/);
  });

  it('is not believed when the browser did not ask', async () => {
    const url = `${t.url}${CALLBACK}?error=access_denied&state=${'A'.repeat(43)}&iss=${provider.issuer}`;

    await expectRefused(() => new Browser().open(url), NOT_THIS_LOGIN);
  });

  it('to us is our operator’s to mend', async () => {
    const refuses: Forgery['tokenEndpoint'] = (response) =>
      void response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}');

    await expectRefused(() => logIn({ tokenEndpoint: refuses }), [403, 'client_refused']);
  });
});

describe('a provider that is not well', () => {
  it.each<[string, Forgery]>([
    ['fails', { tokenEndpoint: broken }],
    ['talks nonsense', { tokenEndpoint: nonsense }],
    ['never stops talking', { tokenEndpoint: huge }],
    ['sends us elsewhere', { tokenEndpoint: elsewhere('http://169.254.169.254/') }],
    ['fails at the details', { userInfoEndpoint: broken }],
    ['sends us elsewhere for the details', { userInfoEndpoint: elsewhere('http://127.0.0.1:1/') }],
    ['never stops with the details', { userInfoEndpoint: huge }],
  ])('%s', async (_, lie) => {
    await expectRefused(() => logIn(lie), UNAVAILABLE);
  });
});

describe('metadata that are not to be trusted', () => {
  it.each<[string, Record<string, unknown>, Parameters<typeof HostileProvider.start>[1]]>([
    ['are of another issuer', { issuer: 'http://127.0.0.1:1' }, undefined],
    ['send us into the clear', { token_endpoint: 'http://idp.example.com/token' }, undefined],
    ['are elsewhere', {}, elsewhere('http://169.254.169.254/')],
    ['are an error', {}, broken],
    ['never end', {}, huge],
  ])('%s', async (_, lies, discovery) => {
    await expectRefused(() => loginPageWith([lies, discovery]), UNAVAILABLE);
  });
});

it('nothing of a login is in the logs or in the audit log', async () => {
  const logs = await loggedDuring(async () => {
    await logIn({ claims: { nonce: 'another' } });
    await logIn({ callback: { code: undefined, error: 'ada@example.com' } });
    await logIn({ tokenEndpoint: broken });
    await new Promise((resolve) => setTimeout(resolve, 1100)); // a line that was written a moment ago is repeated then
  });
  const rows = await t.sql(
    `select * from audit_entries where operation = 'login' and not succeeded order by created_at desc limit 3`,
  );

  expect(logs).toContain('id_token_refused (nonce)');
  expect(logs).toContain('provider_said_no (unknown)');
  expect(logs).toContain('token endpoint: status 500');
  expect(rows.map((row) => row['response_status'])).toEqual([502, 403, 401]);
  for (const text of [logs, JSON.stringify(rows)])
    expect(text).not.toMatch(/code-|eyJ|ada@|the-access-token|state=|hush/);
});

describe('keys', () => {
  // the last one: nothing is signed with a published key afterwards
  it('that came this second are good at once; made-up names make us ask no more then', async () => {
    const rotated = await provider.rotateTo('three');

    expect((await logIn(rotated)).status).toBe(302);

    const served = provider.keySetsServed;
    await expectRefused(() => logIn({ header: { kid: 'made up' } }), ID_TOKEN);
    await expectRefused(() => logIn({ header: { kid: 'made up again' } }), ID_TOKEN);
    expect(provider.keySetsServed).toBe(served);
    await expectRefused(() => logIn(), ID_TOKEN); // the old key is withdrawn
  });
});

it('a provider that never answers is waited for less than ten seconds', async () => {
  expect(await waited).toBeLessThan(10_000);
});

function changed(token: string): string {
  const [header, payload, signature] = token.split('.');
  const claims = { ...JSON.parse(Buffer.from(payload!, 'base64url').toString()), sub: 'grace' };
  return [header, base64url.encode(JSON.stringify(claims)), signature].join('.');
}
