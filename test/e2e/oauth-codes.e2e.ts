import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeProtectedHeader, type JWK, jwtVerify } from 'jose';
import type { OrgWithAdmin, Person } from '../support/fixtures.js';
import { newChallenge, type OauthApp, refresh, signDeviceIn, startOauthApp } from '../support/oauth.js';
import { adminIn } from '../support/server-host.js';
import { columnsContaining } from '../support/stored-text.js';
import { API_KEY_SALT, JWT_SECRET } from '../support/test-app.js';

let t: OauthApp;
let org: OrgWithAdmin;
let web: Application;
beforeAll(async () => {
  t = await startOauthApp();
  org = await t.fixtures.defaultOrg();
  web = await newApplication([
    'https://app.example.com/callback',
    'http://127.0.0.1/callback',
    'com.example.app:/done',
  ]);
});
afterAll(() => t.close());

type Application = { clientId: string; redirectUri: string };
type Parameters = Record<string, string>;

const SECRETS = { API_KEY_SALT, BASIC_AUTH_JWT_SECRET: JWT_SECRET };
const AUTHORIZE = '/api/v1/oauth/authorize';

async function newApplication(redirectUris: string[], orgId: string | null = null): Promise<Application> {
  const clientId = `test_${randomUUID()}`;
  await t.sql(
    `insert into oauth_clients (id, client_id, org_id, client_name, redirect_uris, grant_types, allowed_scopes)
     values (gen_random_uuid(), $1, $2, 'Example', $3, '{authorization_code,refresh_token}', '{openid,profile,email,offline_access}')`,
    [clientId, orgId, redirectUris],
  );
  return { clientId, redirectUri: redirectUris[0]! };
}

const member = () => t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });

function newRequest(application: Application, changes: Record<string, string | undefined> = {}) {
  const { verifier, challenge } = newChallenge();
  const parameters = {
    response_type: 'code',
    client_id: application.clientId,
    redirect_uri: application.redirectUri,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 'xyz',
    ...changes,
  };
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { verifier, parameters: Object.fromEntries(given) };
}

const authorize = (parameters: Parameters) => t.api.get(`${AUTHORIZE}?${new URLSearchParams(parameters)}`);
const consent = (person: Person, parameters: Parameters) =>
  person.api.get(`${AUTHORIZE}/request?${new URLSearchParams(parameters)}`);
const approve = (person: Person, parameters: Parameters, orgId = org.orgId) =>
  t.post(`${AUTHORIZE}/approve`, { ...parameters, organization_id: orgId }, person.api.as({ orgId }));

async function codeFor(person: Person, parameters: Parameters): Promise<string> {
  const { body } = await approve(person, parameters);
  return new URL(body.redirect_uri).searchParams.get('code')!;
}

const exchangeCode = (
  { clientId, redirectUri }: Application,
  code: string,
  verifier: string,
  changes: Parameters = {},
) =>
  t.post('/api/v1/oauth/token', {
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: redirectUri,
    code,
    code_verifier: verifier,
    ...changes,
  });

describe('an authorization request', () => {
  it('an authorization request leads to the consent page with all of its parameters', async () => {
    const { parameters } = newRequest(web, { scope: 'openid', future: 'yes' });

    const { status, headers } = await authorize(parameters);

    const page = new URL(headers.get('location')!);
    expect(status).toBe(302);
    expect(page.origin + page.pathname).toBe(`${t.url}/console/consent`);
    expect(Object.fromEntries(page.searchParams)).toEqual(parameters);
  });

  it.each<[string, string, Record<string, string | undefined>]>([
    ['an unknown application', 'invalid_client', { client_id: 'unknown' }],
    ['no application', 'invalid_request', { client_id: undefined }],
    ['no redirect address', 'invalid_request', { redirect_uri: undefined }],
    ['a longer redirect address', 'invalid_request', { redirect_uri: 'https://app.example.com/callback/..' }],
    [
      'a redirect address with a query',
      'invalid_request',
      { redirect_uri: 'https://app.example.com/callback?x=1' },
    ],
    [
      'a redirect address in other case',
      'invalid_request',
      { redirect_uri: 'https://APP.example.com/callback' },
    ],
    [
      'a redirect address with user information',
      'invalid_request',
      { redirect_uri: 'https://a@app.example.com/callback' },
    ],
    [
      'a redirect address with a fragment',
      'invalid_request',
      { redirect_uri: 'https://app.example.com/callback#x' },
    ],
    [
      'a redirect address with another port',
      'invalid_request',
      { redirect_uri: 'https://app.example.com:444/callback' },
    ],
    ['another host', 'invalid_request', { redirect_uri: 'https://attacker.example/callback' }],
    [
      'a loopback address with another path',
      'invalid_request',
      { redirect_uri: 'http://127.0.0.1:8080/other' },
    ],
    [
      'a name that begins as a loopback address',
      'invalid_request',
      { redirect_uri: 'http://127.0.0.1.example.com/callback' },
    ],
  ])('%s is refused without a redirect: %s', async (_, error, changes) => {
    const { status, headers, body } = await authorize(newRequest(web, changes).parameters);

    expect({ status, location: headers.get('location'), body }).toMatchObject({
      status: 400,
      location: null,
      body: { error },
    });
  });

  it.each<[string, string, Record<string, string | undefined>]>([
    ['without PKCE', 'invalid_request', { code_challenge: undefined }],
    ['with a malformed challenge', 'invalid_request', { code_challenge: 'short' }],
    ['with PKCE plain', 'invalid_request', { code_challenge_method: 'plain' }],
    ['with PKCE of an absent method', 'invalid_request', { code_challenge_method: undefined }],
    ['for a token', 'unsupported_response_type', { response_type: 'token' }],
    ['for another resource', 'invalid_target', { resource: 'https://example.com' }],
    ['without a page', 'interaction_required', { prompt: 'none' }],
    ['with a request object', 'request_not_supported', { request: 'x.y.z' }],
    [
      'with the address of a request object',
      'request_uri_not_supported',
      { request_uri: 'https://example.com' },
    ],
  ])('a request %s is told to the application: %s', async (_, error, changes) => {
    const { parameters } = newRequest(web, changes);
    const { status, headers } = await authorize(parameters);

    const target = new URL(headers.get('location')!);
    expect(status).toBe(302);
    expect(target.origin + target.pathname).toBe('https://app.example.com/callback');
    expect(Object.fromEntries(target.searchParams)).toMatchObject({ error, state: 'xyz', iss: t.issuer });
    expect((await approve(await member(), { ...parameters, response_type: 'code' })).status).toBe(
      error === 'unsupported_response_type' ? 200 : 400,
    );
  });

  it('a repeated parameter is told to the application, and two resources are', async () => {
    const { parameters } = newRequest(web);
    const twice = `${AUTHORIZE}?${new URLSearchParams(parameters)}`;

    for (const more of ['&scope=openid&scope=email', `&resource=${t.issuer}&resource=https://example.com`]) {
      const { headers } = await t.api.get(twice + more);
      expect(new URL(headers.get('location')!).searchParams.get('error')).toMatch(
        /^invalid_(request|target)$/,
      );
    }
  });

  it('a loopback address is accepted with any port', async () => {
    const { parameters } = newRequest(web, { redirect_uri: 'http://127.0.0.1:51234/callback' });

    expect((await authorize(parameters)).headers.get('location')).toContain('/console/consent?');
  });
});

describe('the consent page', () => {
  it.each([
    ['https://app.example.com/callback', 'web', 'app.example.com'],
    ['http://127.0.0.1:8123/callback', 'loopback', '127.0.0.1:8123'],
    ['com.example.app:/done', 'native', 'com.example.app'],
  ])('the consent page for %s says %s, %s', async (address, kind, host) => {
    const { parameters } = newRequest(web, { redirect_uri: address, scope: 'openid unknown email' });

    const { status, body } = await consent(await member(), parameters);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      client: { client_id: web.clientId, client_name: 'Example' },
      redirect_kind: kind,
      redirect_host: host,
      scopes: ['openid', 'email'],
      organization_id: null,
      remembered: null,
    });
    expect(body.denied_redirect_uri).toContain('error=access_denied');
  });

  it('consent is remembered for the same name, address, scopes and organization, and for https only', async () => {
    const person = await member();
    const { parameters } = newRequest(web, { scope: 'openid' });
    const remembered = async (changes: Record<string, string> = {}) =>
      (await consent(person, { ...parameters, ...changes })).body.remembered;
    expect(await remembered()).toBeNull();

    await approve(person, { ...parameters, workspace_id: org.workspaceId });

    expect(await remembered()).toEqual({ organization_id: org.orgId, workspace_id: org.workspaceId });
    expect(await remembered({ scope: '' })).not.toBeNull();
    expect(await remembered({ scope: 'openid email' })).toBeNull();
    expect(await remembered({ prompt: 'consent' })).toBeNull();
    expect((await consent(await member(), parameters)).body.remembered).toBeNull();
    await t.sql("update oauth_clients set client_name = 'Another' where client_id = $1", [web.clientId]);
    expect(await remembered()).toBeNull();
    await t.sql("update oauth_clients set client_name = 'Example' where client_id = $1", [web.clientId]);
    await approve(person, { ...parameters, redirect_uri: 'http://127.0.0.1:8123/callback' });
    expect(await remembered({ redirect_uri: 'http://127.0.0.1:8123/callback' })).toBeNull();
  });

  it('a session with the cookie approves from an origin of ours only', async () => {
    const { parameters } = newRequest(web);
    const response = await fetch(`${t.url}${AUTHORIZE}/approve`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        cookie: 'tenantry_session=whatever',
        origin: 'https://attacker.example',
      },
      body: new URLSearchParams({ ...parameters, organization_id: org.orgId }),
    });

    expect([401, 403]).toContain(response.status);
  });

  it('an application of an organization gets access there only', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const own = await newApplication(['https://own.example.com/callback'], other.orgId);
    const { parameters } = newRequest(own);

    expect((await consent(other.admin, parameters)).body.organization_id).toBe(other.orgId);
    expect((await approve(await member(), parameters)).body).toMatchObject({ error: 'access_denied' });
    expect((await approve(other.admin, parameters, other.orgId)).status).toBe(200);
  });
});

describe('an authorization code', () => {
  it('an authorization code becomes tokens, with an ID token for openid that the published keys verify', async () => {
    const person = await member();
    const { parameters, verifier } = newRequest(web, { scope: 'openid profile email', nonce: 'n-0S6' });
    const approved = await approve(person, { ...parameters, workspace_id: org.workspaceId });

    const target = new URL(approved.body.redirect_uri);
    const { status, body } = await exchangeCode(web, target.searchParams.get('code')!, verifier);

    expect(Object.fromEntries(target.searchParams)).toMatchObject({ state: 'xyz', iss: t.issuer });
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', workspace_id: org.workspaceId });
    const keys = createRemoteJWKSet(new URL(`${t.issuer}/oauth/jwks`));
    const { payload, protectedHeader } = await jwtVerify(body.id_token, keys, {
      issuer: t.issuer,
      audience: web.clientId,
    });
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toMatchObject({
      sub: person.userId,
      nonce: 'n-0S6',
      email: person.email,
      ls_org_id: org.orgId,
    });
  });

  it('an exchange that asks for no scope gives a refresh token, and no ID token', async () => {
    const { parameters, verifier } = newRequest(web);
    const { body } = await exchangeCode(web, await codeFor(await member(), parameters), verifier);

    expect(body).not.toHaveProperty('id_token');
    expect((await refresh(t, body.refresh_token, web.clientId)).status).toBe(200);
  });

  it('a code that is used again is refused, and ends what came of it', async () => {
    const { parameters, verifier } = newRequest(web);
    const code = await codeFor(await member(), parameters);
    const { body } = await exchangeCode(web, code, verifier);

    expect((await exchangeCode(web, code, verifier)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await refresh(t, body.refresh_token, web.clientId)).body).toMatchObject({
      error: 'invalid_grant',
    });
  });

  it.each<[string, (other: Application) => Record<string, string>]>([
    ['another verifier', () => ({ code_verifier: newChallenge().verifier })],
    ['another redirect address', () => ({ redirect_uri: 'http://127.0.0.1/callback' })],
    ['another application', (other) => ({ client_id: other.clientId })],
    ['another resource', () => ({ resource: 'https://example.com' })],
  ])('a code is refused with %s', async (_, change) => {
    const other = await newApplication(['https://app.example.com/callback']);
    const { parameters, verifier } = newRequest(web);
    const code = await codeFor(await member(), parameters);

    const { status, body } = await exchangeCode(web, code, verifier, change(other));

    expect(status).toBe(400);
    expect(body.error).toMatch(/^invalid_(grant|target)$/);
  });

  it('a copy of the database has neither codes nor verifiers, and private keys only encrypted', async () => {
    const { parameters, verifier } = newRequest(web, { scope: 'openid' });
    const code = await codeFor(await member(), parameters);
    const unused = await Promise.all(
      [code, code.slice(7), verifier].map((text) => columnsContaining(t.sql, text)),
    );
    await exchangeCode(web, code, verifier);

    expect(unused).toEqual([[], [], []]);
    expect(await columnsContaining(t.sql, code)).toEqual([]);
    const keys = await t.sql<{ publicKey: JWK; privateKey: string }>(
      'select public_key as "publicKey", private_key as "privateKey" from oauth_signing_keys',
    );
    expect(keys.length).toBeGreaterThan(1);
    for (const { publicKey, privateKey } of keys) {
      expect(Object.keys(publicKey)).not.toContain('d');
      expect(privateKey).not.toMatch(/kty|PRIVATE KEY/);
    }
  });

  it('an expired code is refused', async () => {
    const { parameters, verifier } = newRequest(web);
    const code = await codeFor(await member(), parameters);
    await t.sql(
      "update oauth_artifacts set expires_at = now() where kind = 'AuthorizationCode' and consumed_at is null",
    );

    expect((await exchangeCode(web, code, verifier)).body).toMatchObject({ error: 'invalid_grant' });
  });

  it('a failure after the code was used rolls the use back', async () => {
    const { parameters, verifier } = newRequest(web);
    const code = await codeFor(await member(), parameters);
    await t.sql("alter table oauth_artifacts add constraint fails check (kind <> 'RefreshToken') not valid");

    const failed = await fetch(`${t.url}/api/v1/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: web.clientId,
        redirect_uri: web.redirectUri,
        code,
        code_verifier: verifier,
      }),
    });
    await t.sql('alter table oauth_artifacts drop constraint fails');

    expect(failed.status).toBe(500);
    expect((await exchangeCode(web, code, verifier)).status).toBe(200);
  });
});

describe('the documents', () => {
  it('the four addresses have the same document, whatever Host a request names, and the bare root none', async () => {
    const addresses = ['oauth-authorization-server', 'openid-configuration'].flatMap((name) => [
      `/.well-known/${name}/api`,
      `/api/.well-known/${name}`,
    ]);
    const documents = await Promise.all(
      addresses.map((address) => t.api.get(address, { headers: { 'x-forwarded-host': 'attacker.example' } })),
    );

    for (const { status, body } of documents)
      expect({ status, body }).toEqual({ status: 200, body: documents[0]!.body });
    expect(documents[0]!.body).toMatchObject({ issuer: t.issuer, jwks_uri: `${t.issuer}/oauth/jwks` });
    for (const address of [
      '/.well-known/oauth-authorization-server',
      '/.well-known/openid-configuration',
      '/.well-known/openid-configuration/other',
      '/.well-known/jwks.json',
      '/api/.well-known/jwks.json',
    ])
      expect((await t.api.get(address)).status).toBe(404);
  });

  it('a 401 names the document of the resource, and whether a token was sent', async () => {
    const metadata = `resource_metadata="${t.issuer}/.well-known/oauth-protected-resource"`;
    const challenge = async (path: string, headers = {}) =>
      (await t.api.get(path, { headers })).headers.get('www-authenticate');

    expect(await challenge('/api/v1/orgs/current')).toBe(`Bearer ${metadata}`);
    expect(await challenge('/api/v1/orgs/current', { authorization: 'Bearer tnt_at_x' })).toBe(
      `Bearer error="invalid_token", ${metadata}`,
    );
    expect(await challenge('/scim/v2/Users')).not.toContain('resource_metadata');
    expect((await t.api.get('/.well-known/oauth-protected-resource/api')).body).toEqual({
      resource: t.issuer,
      authorization_servers: [t.issuer],
      bearer_methods_supported: ['header'],
    });
  });

  it('new keys are published before they sign, and the ones before stay published for an hour', async () => {
    const first = await startOauthApp();
    const people = await first.fixtures.defaultOrg();
    const signingKey = async (app: OauthApp) => {
      const { id_token: token } = await signDeviceIn(
        app,
        { api: people.admin.api.at(app.url) },
        people.orgId,
        {},
        'openid',
      );
      return decodeProtectedHeader(token!).kid;
    };
    const published = async (app: OauthApp) => {
      const { keys } = (await (await fetch(`${app.issuer}/oauth/jwks`)).json()) as { keys: JWK[] };
      for (const key of keys) expect(Object.keys(key)).not.toContain('d');
      return keys.map(({ kid }) => kid!);
    };
    const later = async (minutes: number) => {
      await first.sql('update oauth_signing_keys set signs_from = signs_from - make_interval(mins => $1)', [
        minutes,
      ]);
      return startOauthApp({}, first.databaseUrl); // keys are read once in a while
    };

    const [oldKeys, oldKey] = [await published(first), await signingKey(first)];
    await adminIn(first.databaseUrl, SECRETS, ['oauth:rotate-keys']);
    const second = await later(9);
    const [bothKeys, stillOldKey] = [await published(second), await signingKey(second)];
    const third = await later(2);
    const [stillBothKeys, newKey] = [await published(third), await signingKey(third)];
    const fourth = await later(60);
    const newKeys = await published(fourth);
    await Promise.all([first, second, third, fourth].map((app) => app.close()));

    expect(oldKeys).toHaveLength(2);
    expect(bothKeys).toHaveLength(4);
    expect(bothKeys).toEqual(expect.arrayContaining(oldKeys));
    expect(stillOldKey).toBe(oldKey);
    expect(stillBothKeys.sort()).toEqual(bothKeys.sort());
    expect(oldKeys).not.toContain(newKey);
    expect(newKeys.sort()).toEqual(bothKeys.filter((kid) => !oldKeys.includes(kid)).sort());
  });
});
