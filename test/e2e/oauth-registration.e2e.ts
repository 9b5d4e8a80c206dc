import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import { AUTHORIZATION_SERVER } from '../support/authorization-server.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const REGISTER = '/api/v1/oauth/register';
const CALLBACK = 'https://app.example.com/callback';
const GRANT_TYPES = ['authorization_code', 'refresh_token'];
const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp({
    ...AUTHORIZATION_SERVER,
    TRUSTED_PROXIES: '127.0.0.0/8',
    TEST_REMOVAL_EVERY_MS: '200',
  });
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.sql('delete from rate_windows');
  await t.sql('delete from oauth_clients');
});

const register = (body: unknown, address = '192.0.2.1') =>
  t.api.post(REGISTER, body, { headers: { 'x-forwarded-for': address } });
const count = async () => (await t.sql('select from oauth_clients')).length;

describe('the registration of an application', () => {
  it('returns a public client, whatever it asks for, without members that are unset', async () => {
    const asked = {
      client_name: 'An editor',
      client_uri: 'https://app.example.com',
      logo_uri: '',
      tos_uri: null,
      redirect_uris: [
        CALLBACK,
        'http://127.0.0.1:33418/',
        'cursor://anysphere.cursor-retrieval/oauth/callback',
      ],
      grant_types: GRANT_TYPES,
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_post',
      application_type: 'native',
      scope: 'openid mcp:tools',
      software_id: { any: 'thing' },
    };
    const before = Math.floor(Date.now() / 1000);
    const { status, headers, body } = await register(asked);

    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(body).toEqual({
      client_id: expect.stringMatching(/^dcr_[0-9A-Za-z]{32}$/),
      client_id_issued_at: expect.any(Number),
      client_name: 'An editor',
      client_uri: 'https://app.example.com',
      redirect_uris: asked.redirect_uris,
      grant_types: GRANT_TYPES,
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    });
    expect(body.client_id_issued_at - before).toBeGreaterThanOrEqual(-1);
    const [row] = await t.sql('select org_id, secret_digest, allowed_scopes, is_disabled from oauth_clients');
    expect(row).toEqual({
      org_id: null,
      secret_digest: null,
      allowed_scopes: ['openid', 'profile', 'email', 'offline_access'],
      is_disabled: false,
    });
  });

  it.each([
    ['a blank name', { redirect_uris: [CALLBACK], client_name: ' ' }, GRANT_TYPES, ['code']],
    ['the addresses alone', { redirect_uris: [CALLBACK] }, GRANT_TYPES, ['code']],
    [
      'codes alone',
      { redirect_uris: [CALLBACK], grant_types: ['authorization_code'] },
      GRANT_TYPES,
      ['code'],
    ],
    [
      'grant types that there are not',
      { redirect_uris: [CALLBACK], grant_types: ['client_credentials', 'authorization_code'] },
      GRANT_TYPES,
      ['code'],
    ],
    [
      'several response types',
      { redirect_uris: [CALLBACK], response_types: ['code', 'token'] },
      GRANT_TYPES,
      ['code'],
    ],
    ['devices alone', { grant_types: [DEVICE_CODE] }, ['refresh_token', DEVICE_CODE], []],
  ])('is accepted with %s', async (_, asked, grantTypes, responseTypes) => {
    const { status, body } = await register(asked);

    expect([status, body.grant_types, body.response_types]).toEqual([201, grantTypes, responseTypes]);
    expect(body.client_name).toBe(body.client_id);
  });

  const BASE = { redirect_uris: [CALLBACK] };
  it.each<[what: string, body: unknown, code: 'invalid_client_metadata' | 'invalid_redirect_uri']>([
    ['a list', [], 'invalid_client_metadata'],
    ['a text', 'client', 'invalid_client_metadata'],
    ['a name of another type', { ...BASE, client_name: 1 }, 'invalid_client_metadata'],
    ['a name of 256 characters', { ...BASE, client_name: 'x'.repeat(256) }, 'invalid_client_metadata'],
    ['a name with NUL', { ...BASE, client_name: 'a\u0000' }, 'invalid_client_metadata'],
    ['a name that is read backwards', { ...BASE, client_name: '\u202eetalucric' }, 'invalid_client_metadata'],
    [
      'a page of 256 characters',
      { ...BASE, client_uri: `https://a/${'x'.repeat(246)}` },
      'invalid_client_metadata',
    ],
    ['a page that is a script', { ...BASE, client_uri: 'javascript:alert(1)' }, 'invalid_client_metadata'],
    ['a page with user information', { ...BASE, policy_uri: 'https://a@b/' }, 'invalid_client_metadata'],
    ['a logo that is data', { ...BASE, logo_uri: 'data:image/png,' }, 'invalid_client_metadata'],
    [
      'grant types of another type',
      { ...BASE, grant_types: 'authorization_code' },
      'invalid_client_metadata',
    ],
    [
      'no grant type that there is',
      { ...BASE, grant_types: ['client_credentials'] },
      'invalid_client_metadata',
    ],
    ['the refresh token alone', { ...BASE, grant_types: ['refresh_token'] }, 'invalid_client_metadata'],
    ['another response type', { ...BASE, response_types: ['token'] }, 'invalid_client_metadata'],
    ['no address', {}, 'invalid_redirect_uri'],
    ['an empty list of addresses', { redirect_uris: [] }, 'invalid_redirect_uri'],
    ['addresses of another type', { redirect_uris: CALLBACK }, 'invalid_redirect_uri'],
    ['an address of another type', { redirect_uris: [CALLBACK, 1] }, 'invalid_redirect_uri'],
    [
      'eleven addresses',
      { redirect_uris: Array.from({ length: 11 }, () => CALLBACK) },
      'invalid_redirect_uri',
    ],
    [
      'an address of 256 characters',
      { redirect_uris: [`https://a/${'x'.repeat(246)}`] },
      'invalid_redirect_uri',
    ],
    ['user information', { redirect_uris: ['https://user@app.example.com/'] }, 'invalid_redirect_uri'],
    ['an IP address', { redirect_uris: ['https://192.0.2.1/'] }, 'invalid_redirect_uri'],
    ['an IP address of this machine', { redirect_uris: ['https://[::1]/'] }, 'invalid_redirect_uri'],
    ['a fragment', { redirect_uris: [`${CALLBACK}#a`] }, 'invalid_redirect_uri'],
    ['http', { redirect_uris: ['http://app.example.com/'] }, 'invalid_redirect_uri'],
    ['a script', { redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
    ['one bad address among good ones', { redirect_uris: [CALLBACK, 'data:,'] }, 'invalid_redirect_uri'],
  ])('is refused with %s', async (_, asked, code) => {
    const { status, headers, body } = await register(asked);

    expect([status, headers.get('x-error-code'), body.error]).toEqual([400, code, code]);
    expect(body.error_description).toEqual(expect.any(String));
    expect(await count()).toBe(0);
  });

  it('is refused with more than 8 KB, with a length or without, and nothing of it is read as JSON', async () => {
    const body = (length: number) => `{"redirect_uris":["${CALLBACK}"],"x":"${'a'.repeat(length)}"}`;
    const padding = 8192 - body(0).length;
    const send = (text: string, isChunked: boolean) =>
      fetch(`${t.url}${REGISTER}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: isChunked ? new Blob([text]).stream() : text,
        duplex: 'half',
      });

    for (const isChunked of [false, true]) {
      expect((await send(body(padding), isChunked)).status).toBe(201);
      expect((await send(body(padding + 1), isChunked)).status).toBe(413);
      expect((await send('x'.repeat(9000), isChunked)).status).toBe(413);
    }
    expect(await count()).toBe(2);
  });

  it('is reached at each address of the issuer', async () => {
    for (const path of ['/oauth/register', '/api/oauth/register', REGISTER]) {
      const body = JSON.stringify({ redirect_uris: [CALLBACK] });
      const headers = { 'content-type': 'application/json' };
      expect((await fetch(`${t.url}${path}`, { method: 'POST', headers, body })).status).toBe(201);
    }
  });

  it('is limited to 20 for a network in an hour; what is refused does not count', async () => {
    const asked = { redirect_uris: [CALLBACK] };
    await Promise.all(Array.from({ length: 5 }, () => register({})));
    const replies = await Promise.all(Array.from({ length: 22 }, () => register(asked)));

    expect(replies.filter(({ status }) => status === 201)).toHaveLength(20);
    const [refused] = replies.filter(({ status }) => status === 429);
    expect(refused?.headers.get('x-error-code')).toBe('too_many_requests');
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(3000);
    expect((await register(asked, '192.0.2.2')).status).toBe(201);
    await t.sql(`update rate_windows set started_at = started_at - interval '50 minutes'`);
    const later = await register(asked);
    expect(later.status).toBe(429);
    expect(Number(later.headers.get('retry-after'))).toBeLessThanOrEqual(600);
    await t.sql(`update rate_windows set started_at = started_at - interval '11 minutes'`);
    expect((await register(asked)).status).toBe(201);
  });
});

it('removes an application that registered itself 30 days ago and has no grant', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const [old, used, recent] = await Promise.all(
    [1, 2, 3].map(async () => (await register({ redirect_uris: [CALLBACK] })).body.client_id as string),
  );
  await org.admin.api.post('/v1/platform/oauth/clients', { client_name: 'Of the organization' });
  await t.sql(
    `insert into oauth_grants (id, org_id, user_id, client_id, registered_client_id, client_name, scopes, sign_in_method, expires_at)
     select gen_random_uuid(), $1, $2, client_id, id, '', '{}', 'password', now() + interval '1 day' from oauth_clients where client_id = $3`,
    [org.orgId, org.admin.userId, used],
  );
  await t.sql(`update oauth_clients set created_at = now() - interval '31 days' where client_id <> $1`, [
    recent,
  ]);

  await until(
    async () => (await t.sql('select from oauth_clients where client_id = $1', [old])).length === 0,
  );
  expect(await count()).toBe(3);
});
