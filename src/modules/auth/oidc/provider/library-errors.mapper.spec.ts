import { describe, expect, it } from '@jest/globals';
import { compactVerify, createLocalJWKSet, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import {
  buildAuthorizationUrlWithPAR,
  Configuration,
  customFetch,
  fetchUserInfo,
  refreshTokenGrant,
} from 'openid-client';
import { rethrowFrom } from './library-errors.mapper.js';
import { InvalidIdToken, ProviderUnavailable, type Purpose } from './provider.errors.js';

const ISSUER = 'https://idp.test';
const metadata = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/auth`,
  token_endpoint: `${ISSUER}/token`,
  userinfo_endpoint: `${ISSUER}/me`,
  pushed_authorization_request_endpoint: `${ISSUER}/par`,
};

/** openid-client as it is, with a `fetch` that resolves to this response. */
function clientOf(fetch: () => Promise<Response>): Configuration {
  const configuration = new Configuration(metadata, 'tenantry');
  configuration[customFetch] = fetch;
  return configuration;
}

const respondingWith = (status: number, body: unknown) =>
  clientOf(() => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return Promise.resolve(new Response(text, { status, headers: { 'content-type': 'application/json' } }));
  });

/** The class of the error and its reason, which the log has. */
async function meaningOf(purpose: Purpose, work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch(rethrowFrom(purpose)).catch((thrown: unknown) => thrown);
  const { name, reason } = error as { name: string; reason?: string };
  return [name, reason].filter(Boolean).join(': ');
}

describe('an error response of the token endpoint', () => {
  it.each<[number, unknown, string]>([
    [400, { error: 'invalid_grant' }, 'AuthorizationCodeRejected'],
    [500, { error: 'invalid_grant' }, 'AuthorizationCodeRejected'],
    [400, { error: 'interaction_required' }, 'UserInteractionRequired: interaction_required'],
    [400, { error: 'login_required' }, 'UserInteractionRequired: login_required'],
    [400, { error: 'consent_required' }, 'UserInteractionRequired: consent_required'],
    [400, { error: 'account_selection_required' }, 'UserInteractionRequired: account_selection_required'],
    [401, { error: 'invalid_client' }, 'ClientAuthenticationRejected: invalid_client'],
    [400, { error: 'unauthorized_client' }, 'ClientAuthenticationRejected: unauthorized_client'],
    [400, { error: 'unsupported_grant_type' }, 'ClientAuthenticationRejected: unsupported_grant_type'],
    [401, { message: 'no' }, 'ClientAuthenticationRejected: status 401, no OAuth error'],
    [401, '<html>', 'ClientAuthenticationRejected: status 401, no OAuth error'],
    [401, { error: 'access_denied' }, 'ClientRequestRejected: token endpoint: status 401, access_denied'],
    [400, { error: 'invalid_scope' }, 'ClientRequestRejected: token endpoint: status 400, invalid_scope'],
    [400, { error: 'ada@example.com' }, 'ClientRequestRejected: token endpoint: status 400, unknown'],
    [404, '<html>', 'ClientRequestRejected: token endpoint: status 404, unknown'],
    [400, { error: '__proto__' }, 'ClientRequestRejected: token endpoint: status 400, unknown'],
    [400, { error: 'constructor' }, 'ClientRequestRejected: token endpoint: status 400, constructor'],
    [408, {}, 'ProviderUnavailable: token endpoint: status 408, unknown'],
    [429, { error: 'slow_down' }, 'ProviderUnavailable: token endpoint: status 429, slow_down'],
    [503, { error: 'server_error' }, 'ProviderUnavailable: token endpoint: status 503, server_error'],
  ])('maps status %i with the body %j to %s', async (status, body, meaning) => {
    const refresh = refreshTokenGrant(respondingWith(status, body), 'a refresh token');
    expect(await meaningOf('token endpoint', refresh)).toBe(meaning);

    const pushed = buildAuthorizationUrlWithPAR(respondingWith(status, body), {});
    expect(await meaningOf('pushed authorization request', pushed)).toBe(
      meaning.replace('token endpoint', 'pushed authorization request'),
    );
  });
});

describe('a successful response of the token endpoint that cannot be used', () => {
  const tokens = { access_token: 'secret', token_type: 'Bearer' };

  it.each<[unknown, string]>([
    [['secret'], '"response" body must be a top level object'],
    [{ ...tokens, access_token: undefined }, '"response" body "access_token" property must be a string'],
    [{ ...tokens, token_type: undefined }, '"response" body "token_type" property must be a string'],
    [{ ...tokens, token_type: 'mac' }, 'unsupported `token_type` value'],
    [{ ...tokens, refresh_token: null }, '"response" body "refresh_token" property must be a string'],
    [{ ...tokens, scope: ['secret'] }, '"response" body "scope" property must be a string'],
    [{ ...tokens, id_token: 'a.b' }, 'Invalid JWT'],
  ])('is an error of the provider whose reason quotes nothing of it: %j', async (body, reason) => {
    const refresh = refreshTokenGrant(respondingWith(200, body), 'a refresh token');
    expect(await meaningOf('token endpoint', refresh)).toBe(
      `InvalidProviderResponse: token endpoint: ${reason}`,
    );
  });

  it('is an outage if it is no JSON, as the page of a proxy', async () => {
    const refresh = refreshTokenGrant(respondingWith(200, '<html>'), 'a refresh token');
    expect(await meaningOf('token endpoint', refresh)).toBe(
      'ProviderUnavailable: token endpoint: failed to parse "response" body as JSON',
    );
  });
});

describe('an error of UserInfo', () => {
  it.each<[number, unknown, string]>([
    [200, { sub: 'grace' }, 'InvalidIdToken: user_info'],
    [200, { email: 'ada@example.com' }, 'InvalidIdToken: user_info'],
    [200, '<html>', 'ProviderUnavailable: UserInfo: failed to parse "response" body as JSON'],
    [401, { error: 'invalid_token' }, 'ProviderUnavailable: UserInfo: status 401, invalid_token'],
    [500, {}, 'ProviderUnavailable: UserInfo: status 500, unknown'],
  ])('maps status %i with the body %j to %s', async (status, body, meaning) => {
    const userInfo = fetchUserInfo(respondingWith(status, body), 'an access token', 'ada');
    expect(await meaningOf('UserInfo', userInfo)).toBe(meaning);
  });
});

describe('an error of jose about a token', () => {
  const keys = (published: JWK[]) => createLocalJWKSet({ keys: published });
  const verify = (token: string, published: JWK[], algorithms = ['RS256']) =>
    meaningOf('key set', compactVerify(token, keys(published), { algorithms }));

  it('names the flaw of the token', async () => {
    const [own, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
    const published = { ...(await exportJWK(own.publicKey)), kid: 'one' };
    const sign = (header: object, key = own) =>
      new SignJWT({ sub: 'ada' }).setProtectedHeader({ alg: 'RS256', ...header }).sign(key.privateKey);

    expect(await verify('nonsense', [published])).toBe('InvalidIdToken: malformed');
    expect(await verify(await sign({}), [published], ['ES256'])).toBe('InvalidIdToken: algorithm');
    expect(await verify(await sign({ kid: 'two' }), [published])).toBe('InvalidIdToken: unknown_key');
    expect(await verify(await sign({}), [published, published])).toBe('InvalidIdToken: ambiguous_key');
    expect(await verify(await sign({}, foreign), [published])).toBe('InvalidIdToken: signature');
    expect(await verify(await sign({}), [{ ...published, n: 'AQAB' }])).toBe('InvalidIdToken: malformed');
  });
});

describe('an error of our own', () => {
  it('passes through the libraries as it is', async () => {
    for (const own of [
      new ProviderUnavailable('token endpoint', 'the network'),
      new InvalidIdToken('nonce'),
    ]) {
      const refresh = refreshTokenGrant(
        clientOf(() => Promise.reject(own)),
        'a refresh token',
      );
      await expect(refresh.catch(rethrowFrom('token endpoint'))).rejects.toBe(own);
    }
  });

  it('is not taken for an outage if it was not expected', async () => {
    const failing = clientOf(() => Promise.reject(new RangeError('a mistake of this program')));
    const refresh = refreshTokenGrant(failing, 'a refresh token');

    await expect(refresh.catch(rethrowFrom('token endpoint'))).rejects.not.toBeInstanceOf(
      ProviderUnavailable,
    );
  });
});
