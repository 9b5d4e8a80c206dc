import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { Browser, type Page } from '../support/browser.js';
import { type ClientRequest, HostileProvider, nonsense, oauthError } from '../support/hostile-provider.js';
import { freePort } from '../support/free-port.js';
import { CALLBACK, LOGIN, TestIdentityProvider } from '../support/identity-provider.js';
import { loggedDuring } from '../support/server-host.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { CERTIFICATE_FILE, startForwardProxy } from '../support/tls.js';

const BOTH = { token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'] };
const BASIC = `Basic ${Buffer.from('tenantry:hush').toString('base64')}`;
const hasBasic = ({ authorization, form }: ClientRequest) =>
  authorization === BASIC && !form.has('client_secret');
const hasPost = ({ authorization, form }: ClientRequest) =>
  authorization === undefined && form.get('client_secret') === 'hush';
const methodOf = (request: ClientRequest) =>
  hasBasic(request) ? 'basic' : hasPost(request) ? 'post' : 'other';

let database: TestApp;
beforeAll(async () => {
  database = await startTestApp();
});
afterAll(() => database.close());

/** Each provider of this file is a new issuer, to which no account of another one belongs. */
function newPerson(more: Record<string, unknown> = {}) {
  const sub = randomUUID();
  const claims = { sub, email: `${sub}@example.com` };
  return { claims: { ...claims, ...more }, userInfo: claims };
}

type Login = (browser?: Browser, claims?: Record<string, unknown>) => Promise<Page>;

/** Runs `work` with a server that uses this provider; `environment` adds to its settings or removes some. */
async function withServer(
  provider: HostileProvider,
  environment: Record<string, string | undefined>,
  work: (login: Login, t: TestApp) => Promise<void>,
): Promise<void> {
  const settings = { ...provider.environment(`http://127.0.0.1:${await freePort()}`), ...environment };
  const t = await startTestApp(settings, database.databaseUrl);
  const login: Login = async (browser = new Browser(), claims = {}) => {
    const start = await browser.open(`${t.url}${LOGIN}`);
    return start.status === 302 ? browser.open(provider.accept(start.location!, newPerson(claims))) : start;
  };
  try {
    await work(login, t);
  } finally {
    await t.close();
    await provider.stop();
  }
}

describe('client authentication with a secret', () => {
  it.each<[string, Record<string, unknown>, Record<string, string>, string]>([
    ['in the header, when the provider announces both', BOTH, {}, 'basic'],
    [
      'in the header, when the provider announces nothing',
      { token_endpoint_auth_methods_supported: undefined },
      {},
      'basic',
    ],
    ['in the body, when the provider announces only that', {}, {}, 'post'],
    [
      'in the body, when a setting says so',
      BOTH,
      { OAUTH_TOKEN_ENDPOINT_AUTH_METHOD: 'client_secret_post' },
      'post',
    ],
  ])('sends the secret %s', async (_, metadata, environment, expected) => {
    const provider = await HostileProvider.start(metadata);
    provider.acceptsClient = (request) => methodOf(request) === expected;
    await withServer(provider, environment, async (login) => {
      expect((await login()).status).toBe(302);

      expect(provider.clientRequests.map(methodOf)).toEqual([expected]);
    });
  });

  it('tries the other announced method once after invalid_client, and remembers it', async () => {
    const provider = await HostileProvider.start(BOTH);
    provider.acceptsClient = hasPost;
    await withServer(provider, {}, async (login) => {
      expect([(await login()).status, (await login()).status]).toEqual([302, 302]);

      expect(provider.clientRequests.map(methodOf)).toEqual(['basic', 'post', 'post']);
    });
  });

  const noOAuthError: typeof nonsense = (response) =>
    response.writeHead(401, { 'content-type': 'application/json' }).end('{"message":"Bad credentials"}');
  const noBody: typeof nonsense = (response) => response.writeHead(401).end();
  const challenge: typeof nonsense = (response) => {
    response.setHeader('www-authenticate', 'Basic realm="provider"');
    oauthError(401, 'invalid_client')(response);
  };
  const asText: typeof nonsense = (response) =>
    response.writeHead(400, { 'content-type': 'text/plain' }).end('{"error":"invalid_client"}');

  it.each([
    ['unauthorized_client', oauthError(400, 'unauthorized_client')],
    ['a 401 with a challenge in the header', challenge],
    ['an OAuth error with another media type', asText],
    ['a 401 without a body', noBody],
    ['a 401 without an OAuth error', noOAuthError],
  ])('tries the other announced method once after %s', async (_, refusal) => {
    const provider = await HostileProvider.start(BOTH);
    provider.acceptsClient = hasPost;
    provider.refuseClient = refusal;
    await withServer(provider, {}, async (login) => {
      expect((await login()).status).toBe(302);
      provider.acceptsClient = () => false;
      expect((await login()).body).toContain('client_authentication_rejected');

      expect(provider.clientRequests.map(methodOf)).toEqual(['basic', 'post', 'post', 'basic']);
    });
  });

  it('tries no other method after another error, which may have used up the code', async () => {
    const provider = await HostileProvider.start(BOTH);
    provider.acceptsClient = () => false;
    await withServer(provider, {}, async (login) => {
      for (const refusal of [
        oauthError(400, 'invalid_grant'),
        oauthError(400, 'invalid_request'),
        oauthError(401, 'access_denied'),
        oauthError(503, 'temporarily_unavailable'),
        nonsense,
      ]) {
        provider.refuseClient = refusal;
        await login();
      }

      expect(provider.clientRequests.map(methodOf)).toEqual(['basic', 'basic', 'basic', 'basic', 'basic']);
    });
  });

  it('sends unreserved characters of id and secret as they are, and encodes all others', async () => {
    const id = '0b5f2c1e-8d0a.apps_googleusercontent~com:1';
    const provider = await HostileProvider.start(BOTH);
    provider.acceptsClient = () => true;
    const environment = { OAUTH_CLIENT_ID: id, OAUTH_CLIENT_SECRET: "Zz09-._~ +%:/&=!*'()é" };
    await withServer(provider, environment, async (login) => {
      expect((await login(new Browser(), { aud: id })).status).toBe(302);

      const [scheme, credentials] = provider.clientRequests[0]!.authorization!.split(' ');
      expect(scheme).toBe('Basic');
      expect(Buffer.from(credentials!, 'base64').toString('latin1')).toBe(
        '0b5f2c1e-8d0a.apps_googleusercontent~com%3A1:Zz09-._~%20%2B%25%3A%2F%26%3D%21%2A%27%28%29%C3%A9',
      );
    });
  });

  it('stops after the second method and names the operator', async () => {
    const provider = await HostileProvider.start(BOTH);
    provider.acceptsClient = () => false;
    await withServer(provider, {}, async (login) => {
      const page = await login();

      expect(page.status).toBe(403);
      expect(page.body).toContain('client_authentication_rejected');
      expect(provider.clientRequests.map(methodOf)).toEqual(['basic', 'post']);
    });
  });

  it('tries no method that the provider does not announce', async () => {
    const provider = await HostileProvider.start();
    provider.acceptsClient = hasBasic;
    await withServer(provider, {}, async (login) => {
      expect((await login()).status).toBe(403);

      expect(provider.clientRequests.map(methodOf)).toEqual(['post']);
    });
  });
});

describe('client authentication with a private key', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = String(privateKey.export({ type: 'pkcs1', format: 'pem' }));
  const file = join(mkdtempSync(join(tmpdir(), 'tenantry-key-')), 'client.pem');
  writeFileSync(file, pem + readFileSync(CERTIFICATE_FILE, 'utf8'));

  const acceptsAudience = (audience: string) => async (request: ClientRequest) => {
    const { form, authorization } = request;
    const found = await jwtVerify(
      form.get('client_assertion') ?? '',
      createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
      { audience },
    ).catch(() => null);
    return found !== null && authorization === undefined && !form.has('client_secret');
  };
  const assertionOf = ({ form }: ClientRequest) => form.get('client_assertion')!;

  it('sends a signed assertion with the thumbprints of the certificate in the key file, without the secret', async () => {
    const provider = await HostileProvider.start(BOTH);
    provider.acceptsClient = acceptsAudience(provider.issuer);
    await withServer(provider, { OAUTH_CLIENT_PRIVATE_KEY_FILE: file }, async (login) => {
      expect([(await login()).status, (await login()).status]).toEqual([302, 302]);

      const [first, second] = provider.clientRequests.map(assertionOf);
      const { payload } = await jwtVerify(
        first!,
        createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
      );
      expect(payload).toMatchObject({ iss: 'tenantry', sub: 'tenantry', aud: provider.issuer });
      expect(payload.exp! - payload.iat!).toBe(60);
      expect(decodeProtectedHeader(first!)).toEqual({
        alg: 'RS256',
        typ: 'JWT',
        x5t: expect.stringMatching(/^[\w-]{27}$/),
        'x5t#S256': expect.stringMatching(/^[\w-]{43}$/),
      });
      expect(second).not.toBe(first);
      expect(provider.clientRequests).toHaveLength(2);
      expect(provider.clientRequests[0]!.form.get('client_assertion_type')).toBe(
        'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      );
    });
  });

  it('tries the token endpoint as audience after invalid_client, and remembers it', async () => {
    const provider = await HostileProvider.start();
    provider.acceptsClient = acceptsAudience(`${provider.issuer}/token`);
    const jwk = JSON.stringify({
      ...privateKey.export({ format: 'jwk' }),
      kid: 'of-the-client',
      alg: 'PS256',
    });
    const environment = { OAUTH_CLIENT_SECRET: undefined, OAUTH_CLIENT_PRIVATE_KEY: jwk };
    await withServer(provider, environment, async (login) => {
      expect([(await login()).status, (await login()).status]).toEqual([302, 302]);

      expect(provider.clientRequests).toHaveLength(3);
      expect(decodeProtectedHeader(assertionOf(provider.clientRequests[0]!))).toEqual({
        alg: 'PS256',
        kid: 'of-the-client',
        typ: 'JWT',
      });
    });
  });

  it('signs in at a provider that requires private_key_jwt and pushed authorization requests', async () => {
    const clientKey = { ...publicKey.export({ format: 'jwk' }), use: 'sig' };
    const onOneLine = pem.replaceAll('\n', '\\n'); // as environment files without multiple lines have it
    const appUrl = `http://127.0.0.1:${await freePort()}`;
    const idp = await TestIdentityProvider.start({ appUrl, clientKey });
    const environment = {
      ...idp.environment,
      OAUTH_CLIENT_SECRET: undefined,
      OAUTH_CLIENT_PRIVATE_KEY: onOneLine,
    };
    const t = await startTestApp(environment, database.databaseUrl);
    idp.account({ sub: 'ada', email: `${randomUUID()}@example.com`, email_verified: true });
    const browser = new Browser();
    const start = await browser.open(`${t.url}${LOGIN}`);
    const page = await idp.finish(browser, start, 'ada');
    await t.close();
    await idp.stop();

    expect([...new URL(start.location!).searchParams.keys()]).toEqual(['request_uri', 'client_id']);
    expect(page).toMatchObject({ status: 302, location: `${appUrl}/` });
  });
});

describe('a provider that requires pushed authorization requests', () => {
  const requires = (issuer = '') => ({
    ...BOTH,
    require_pushed_authorization_requests: true,
    pushed_authorization_request_endpoint: `${issuer}/par`,
  });

  it('gets the parameters in an authenticated request, and the browser only a reference to them', async () => {
    const provider = await HostileProvider.start();
    Object.assign(provider.metadata, requires(provider.issuer));
    provider.acceptsClient = hasBasic;
    await withServer(provider, {}, async (login, t) => {
      const { location } = await new Browser().open(`${t.url}${LOGIN}`);
      expect((await login()).status).toBe(302);

      expect(location).toBe(
        `${provider.issuer}/auth?request_uri=${encodeURIComponent('urn:ietf:params:oauth:request_uri:0')}&client_id=tenantry`,
      );
      const [pushed] = provider.clientRequests;
      expect(pushed!.path).toBe('/par');
      expect(Object.fromEntries(pushed!.form)).toMatchObject({
        response_type: 'code',
        scope: 'openid email profile',
        redirect_uri: `${t.url}${CALLBACK}`,
        code_challenge_method: 'S256',
      });
    });
  });

  it('cannot be used when it names no endpoint, or one at another place of this machine', async () => {
    for (const endpoint of [undefined, 'http://idp.example.com/par']) {
      const provider = await HostileProvider.start({
        ...requires(),
        pushed_authorization_request_endpoint: endpoint,
      });
      await withServer(provider, {}, async (login) => expect((await login()).status).toBe(502));
    }
  });
});

describe('a provider with a certificate of a private authority', () => {
  it('is refused without OAUTH_CA_CERTIFICATES_FILE and used with it', async () => {
    const start = () => HostileProvider.start({}, undefined, '127.0.0.1');
    const log = await loggedDuring(async () =>
      withServer(await start(), {}, async (login) => expect((await login()).status).toBe(502)),
    );
    await withServer(await start(), { OAUTH_CA_CERTIFICATES_FILE: CERTIFICATE_FILE }, async (login) => {
      expect((await login()).status).toBe(302);
    });

    expect(log).toContain('discovery: DEPTH_ZERO_SELF_SIGNED_CERT');
  });
});

describe('a provider that is reached through a proxy', () => {
  it('gets every request through it, unless NO_PROXY names its host', async () => {
    const proxy = await startForwardProxy();
    const settings = { OAUTH_CA_CERTIFICATES_FILE: CERTIFICATE_FILE, HTTPS_PROXY: proxy.url };
    const start = () => HostileProvider.start({}, undefined, 'idp.test');
    const provider = await start();
    const log = await loggedDuring(async () => {
      await withServer(provider, settings, async (login) => expect((await login()).status).toBe(302));
      const throughProxy = proxy.asked.splice(0);
      await withServer(await start(), { ...settings, NO_PROXY: 'other.test,.test' }, async (login) =>
        expect((await login()).status).toBe(502),
      );

      expect(proxy.asked).toEqual([]);
      expect(new Set(throughProxy.map(({ target }) => target))).toEqual(
        new Set([new URL(provider.issuer).host]),
      );
      expect(throughProxy[0]!.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
    });
    await proxy.stop();

    expect(log).toContain('ENOTFOUND');
    expect(log).not.toMatch(/p%40ss|p@ss/);
  });
});
