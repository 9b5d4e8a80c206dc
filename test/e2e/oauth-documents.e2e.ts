import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JWK } from 'jose';
import { CLI, DEVICE_GRANT, type OauthApp, startOauthApp } from '../support/oauth.js';

let t: OauthApp;
beforeAll(async () => {
  t = await startOauthApp();
});
afterAll(() => t.close());

/** In front of the path of the issuer and behind it (RFC 8414, sections 3.1 and 5). */
const addressesOf = (name: string) => [`/.well-known/${name}/api`, `/api/.well-known/${name}`];
const SERVER_DOCUMENTS = [
  ...addressesOf('oauth-authorization-server'),
  ...addressesOf('openid-configuration'),
];
const RESOURCE_DOCUMENTS = addressesOf('oauth-protected-resource');

type Metadata = Record<string, string | boolean | string[] | undefined>;
const read = async (path: string): Promise<Metadata> => (await t.api.get(path)).body;
const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0;

describe.each(SERVER_DOCUMENTS)('the document at %s', (path) => {
  it('has the members of the contract, and no other', async () => {
    const { issuer } = t;

    expect(await read(path)).toEqual({
      issuer,
      authorization_endpoint: `${issuer}/oauth/authorize`,
      token_endpoint: `${issuer}/oauth/token`,
      device_authorization_endpoint: `${issuer}/oauth/device/code`,
      registration_endpoint: `${issuer}/oauth/register`,
      revocation_endpoint: `${issuer}/oauth/revoke`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/oauth/jwks`,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token', DEVICE_GRANT],
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
      code_challenge_methods_supported: ['S256'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      resource_parameter_supported: true,
      protected_resources_supported: [issuer],
      authorization_response_iss_parameter_supported: true,
      client_id_metadata_document_supported: true,
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['EdDSA', 'RS256'],
      claims_supported: ['sub', 'email', 'email_verified', 'name', 'picture', 'ls_org_id', 'ls_org_name'],
    });
  });

  it('has what RFC 8414 and OpenID Connect Discovery require', async () => {
    const metadata = await read(path);

    for (const name of ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri'])
      expect(URL.canParse(metadata[name] as string)).toBe(true);
    for (const name of ['response_types', 'subject_types', 'id_token_signing_alg_values'])
      expect(metadata[`${name}_supported`]).not.toEqual([]);
    expect(metadata['id_token_signing_alg_values_supported']).toContain('RS256');
    expect(metadata['scopes_supported']).toContain('openid');
    expect(metadata['issuer']).not.toMatch(/[?#]|\/$/);
    expect(Object.entries(metadata).filter(([, value]) => isEmpty(value))).toEqual([]); // RFC 8414, section 3.2
  });

  it('is JSON that anybody may read for five minutes, also from pages of other origins', async () => {
    const response = await fetch(t.url + path, { headers: { origin: 'https://app.example.com' } });

    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });
});

describe.each(RESOURCE_DOCUMENTS)('the document at %s', (path) => {
  it('describes the resource as RFC 9728 requires, with the authorization server and how tokens are sent', async () => {
    expect(await read(path)).toEqual({
      resource: t.issuer,
      authorization_servers: [t.issuer],
      bearer_methods_supported: ['header'],
    });
  });
});

describe('what the documents announce', () => {
  it('has endpoints that answer', async () => {
    const metadata = await read(SERVER_DOCUMENTS[0]!);
    const endpoints = Object.entries(metadata).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name));

    expect(endpoints).toHaveLength(7);
    for (const [name, address] of endpoints) {
      const isRead = /^(?:authorization|userinfo|jwks)/.test(name);
      const { status } = await fetch(address as string, { method: isRead ? 'GET' : 'POST' });
      expect({ name, isThere: status < 404 }).toEqual({ name, isThere: true });
    }
  });

  it('has a public key of each algorithm for ID tokens', async () => {
    const { keys } = (await (await fetch(`${t.issuer}/oauth/jwks`)).json()) as { keys: JWK[] };

    expect(new Set(keys.map(({ alg }) => alg))).toEqual(new Set(['EdDSA', 'RS256']));
    for (const key of keys) {
      expect(key).toMatchObject({ kid: expect.any(String), use: 'sig' });
      expect(
        Object.keys(key).filter((name) => ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].includes(name)),
      ).toEqual([]);
    }
  });

  it.each([
    ['authorization_code', true],
    ['refresh_token', true],
    [DEVICE_GRANT, true],
    ['client_credentials', false],
    ['password', false],
    ['urn:ietf:params:oauth:grant-type:jwt-bearer', false],
    ['urn:ietf:params:oauth:grant-type:token-exchange', false],
  ])('is true of the grant type %s', async (grantType, isAnnounced) => {
    const { body } = await t.post('/api/v1/oauth/token', { grant_type: grantType, client_id: CLI });

    expect(body.error !== 'unsupported_grant_type').toBe(isAnnounced);
  });

  it.each([
    'introspect',
    'token/introspection',
    'par',
    'request',
    'end_session',
    'session/end',
    'logout',
    'auth',
    'device',
    'me',
    'ciba',
    'backchannel',
  ])('leaves out oauth/%s, which is not there either', async (path) => {
    for (const method of ['GET', 'POST'])
      expect((await fetch(`${t.issuer}/oauth/${path}`, { method })).status).toBe(404);
  });

  it('has no documents of clients where the operator says that there is no way out', async () => {
    const closed = await startOauthApp({ AUTHORIZATION_SERVER_CLIENT_DOCUMENTS: 'false' }, t.databaseUrl);
    const { body } = await closed.api.get(SERVER_DOCUMENTS[0]!);
    await closed.close();

    expect(body).toMatchObject({ client_id_metadata_document_supported: false });
  });
});
