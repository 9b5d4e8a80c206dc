import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Browser } from '../support/browser.js';
import { freePort } from '../support/free-port.js';
import {
  ACCESS_TOKEN,
  broken,
  type Forgery,
  HostileProvider,
  oauthError,
} from '../support/hostile-provider.js';
import { LOGIN } from '../support/identity-provider.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';
import { SignedInBrowser, stored } from '../support/test-sign-in.js';

let t: TestApp;
let provider: HostileProvider;
let admin: SignedInBrowser;
beforeAll(async () => {
  provider = await HostileProvider.start();
  t = await startTestApp(provider.environment(`http://127.0.0.1:${await freePort()}`));
  const browser = new Browser();
  const { location } = await browser.open(`${t.url}${LOGIN}`);
  const claims = { sub: 'the-admin', email: ADMIN.email };
  await browser.open(provider.accept(location!, { claims, userInfo: claims }));
  const [org] = await t.sql<{ id: string }>('select id from organizations where is_default');
  admin = new SignedInBrowser(t, org!.id, browser);
});
afterAll(async () => {
  await t.close();
  await provider.stop();
});
beforeEach(() => t.sql('delete from rate_windows')); // ten tests a minute

/** The result of a test at the provider, which forges this. */
async function testAt(forgery: Forgery, tester = admin.copy()) {
  const { id, url } = await tester.start();
  const page = await tester.browser.open(provider.accept(url!, forgery));
  expect([page.status, page.body]).toEqual([200, expect.stringContaining('The test has ended')]);
  return (await tester.read(id)).body;
}

/** The result of a test on a server with other settings. It is there at once, since the provider cannot be asked. */
async function testWith(settings: Record<string, string>) {
  const port = String(await freePort());
  const other = await startTestApp(
    { ...provider.environment(`http://127.0.0.1:${port}`), ...settings },
    t.databaseUrl,
  );
  try {
    const browser = new Browser();
    for (const [name, value] of Object.entries(admin.browser.cookies(t.url)))
      browser.setCookie(other.url, name, value);
    const tester = new SignedInBrowser(other, admin.orgId, browser);
    const { id, url } = await tester.start();
    expect(url).toBeNull();
    return (await tester.read(id)).body;
  } finally {
    await other.close();
  }
}

const byForeignKey: Forgery['sign'] = (payload, own) => own.signed(payload, {}, 'unpublished');
const withoutEmail = { email: undefined, email_verified: undefined };

type Failure = readonly [step: string, code: string, reason: RegExp | null];

describe('a test sign-in at a provider that is set up wrongly', () => {
  const wrongSecret = async () => {
    const accepts = provider.acceptsClient;
    provider.acceptsClient = () => false;
    const result = await testAt({});
    provider.acceptsClient = accepts;
    return result;
  };

  const FAILURES: readonly [what: string, test: () => Promise<any>, failure: Failure][] = [
    [
      'does not accept the client secret',
      wrongSecret,
      ['token_endpoint', 'client_authentication_rejected', /^invalid_client$/],
    ],
    [
      'cannot be reached',
      () => testWith({ OAUTH_ISSUER_URL: 'http://127.0.0.1:1' }),
      ['discovery', 'provider_unavailable', /^discovery: ECONNREFUSED$/],
    ],
    [
      'is another issuer than the configured one',
      () => testWith({ OAUTH_ISSUER_URL: provider.issuer.replace('127.0.0.1', 'localhost') }),
      [
        'discovery',
        'provider_unavailable',
        /^discovery: the issuer of the metadata is "http:.*differs from OAUTH_ISSUER_URL$/,
      ],
    ],
    [
      'signs with a key that it does not publish',
      () => testAt({ sign: byForeignKey }),
      ['id_token', 'invalid_id_token', /^signature$/],
    ],
    [
      'issues the token for another client',
      () => testAt({ claims: { aud: 'another' } }),
      ['id_token', 'invalid_id_token', /^audience$/],
    ],
    [
      'sends another nonce',
      () => testAt({ claims: { nonce: 'another' } }),
      ['id_token', 'invalid_id_token', /^nonce$/],
    ],
    [
      'names another issuer in the token',
      () => testAt({ claims: { iss: 'https://other.test' } }),
      ['id_token', 'invalid_id_token', /^issuer: found "https:\/\/other.test"$/],
    ],
    [
      'sends an expired token',
      () => testAt({ claims: { exp: 1 } }),
      ['id_token', 'invalid_id_token', /^expired$/],
    ],
    [
      'has another subject in UserInfo',
      () => testAt({ userInfo: { sub: 'another' } }),
      ['user_info', 'invalid_id_token', /^user_info$/],
    ],
    [
      'fails at UserInfo',
      () => testAt({ userInfoEndpoint: broken }),
      ['user_info', 'provider_unavailable', /^UserInfo: status 500/],
    ],
    [
      'fails at the token endpoint',
      () => testAt({ tokenEndpoint: broken }),
      ['token_endpoint', 'provider_unavailable', /^token endpoint: status 500/],
    ],
    [
      'sends tokens that break the standard',
      () => testAt({ tokens: { token_type: undefined } }),
      ['token_endpoint', 'invalid_provider_response', /^token endpoint: .*token_type/],
    ],
    [
      'knows another redirect address',
      () => testAt({ tokenEndpoint: oauthError(400, 'redirect_uri_mismatch') }),
      ['token_endpoint', 'client_request_rejected', /redirect_uri_mismatch$/],
    ],
    [
      'does not let the person use the application',
      () => testAt({ callback: { code: undefined, error: 'access_denied' } }),
      ['authorization', 'authorization_denied', /^access_denied$/],
    ],
    [
      'does not name itself in the response',
      () => testAt({ callback: { iss: undefined } }),
      ['authorization', 'invalid_login_state', /^issuer$/],
    ],
  ];

  it.each(FAILURES)(
    'that %s names the step and the reason, and changes nothing',
    async (_, test, [step, code, reason]) => {
      const before = await stored(t);

      const result = await test();

      expect(await stored(t)).toEqual(before);
      expect(result).toMatchObject({
        ...{ status: 'failed', failure: { step, code } },
        ...{ claims: [], other_claims: [], rule: null, account: null, user_id: null, rights: [], groups: [] },
      });
      expect(result.failure.reason).toMatch(reason!);
      expect(result.failure.message).toMatch(/\w \w.*\.$/);
      const secrets = [...provider.clientSecrets, ACCESS_TOKEN, 'ada@example.com', 'code-', 'hush'];
      for (const secret of secrets) expect(JSON.stringify(result)).not.toContain(secret);
    },
  );

  it('that sends no e-mail address shows the claims without it, and is refused by the decision', async () => {
    const before = await stored(t);

    const result = await testAt({ claims: withoutEmail, userInfo: withoutEmail });

    expect(await stored(t)).toEqual(before);
    expect(result).toMatchObject({
      status: 'refused',
      failure: { step: 'decision', code: 'email_claim_missing' },
    });
    expect(result.claims).toContainEqual({ used_for: 'subject', name: 'sub', value: 'ada' });
    expect(result.claims).toContainEqual({ used_for: 'email', name: 'email', value: null });
  });

  it('that refuses a pushed request with the client secret cannot be asked', async () => {
    const endpoint = {
      pushed_authorization_request_endpoint: '',
      require_pushed_authorization_requests: true,
    };
    const pushing = await HostileProvider.start(endpoint);
    pushing.metadata['pushed_authorization_request_endpoint'] = `${pushing.issuer}/par`;
    pushing.acceptsClient = () => false;

    const result = await testWith({ OAUTH_ISSUER_URL: pushing.issuer });

    expect(result).toMatchObject({
      status: 'failed',
      failure: { step: 'pushed_authorization_request', code: 'client_authentication_rejected' },
    });
    await pushing.stop();
  });

  it('passes once it is set up correctly', async () => {
    const result = await testAt({});

    expect(result).toMatchObject({ status: 'passed', failure: null, rule: 'jit' });
    for (const secret of [...provider.clientSecrets, ACCESS_TOKEN])
      expect(JSON.stringify(result)).not.toContain(secret);
  });
});
