import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { exportJWK, generateKeyPair, type GenerateKeyPairResult, type JWK, SignJWT } from 'jose';
import { Metrics } from '../../../../common/metrics/metrics.js';
import type { Config } from '../../../../config/config.js';
import { InvalidIdToken } from './provider.errors.js';
import { ProviderFetch, requestTimeout } from './provider-fetch.js';
import { acceptedAlgorithms, accessTokenHash, checkIdToken, KeySet } from './signed-tokens.js';

let published: JWK[] = [];
const counts = { responses: 0 };
let server: Server;
let pairs: Record<'RS256' | 'ES256', GenerateKeyPairResult>;
let rsa: JWK;
let elliptic: JWK;

beforeAll(async () => {
  server = createServer((_, response) => {
    counts.responses++;
    response.end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  pairs = { RS256: await generateKeyPair('RS256'), ES256: await generateKeyPair('ES256') };
  rsa = await exportJWK(pairs.RS256.publicKey);
  elliptic = await exportJWK(pairs.ES256.publicKey);
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

type Header = { alg: 'RS256' | 'ES256'; kid?: string };

const newKeySet = () =>
  new KeySet(new ProviderFetch({ sso: null } as Config, new Metrics()), { isUnsolicited: false });

/** What the key set says about a token with this header: its subject, or the flaw. */
async function verify(keySet: KeySet, header: Header, announced = ['RS256', 'ES256', 'HS256']) {
  const token = await new SignJWT({ sub: 'ada' })
    .setProtectedHeader(header)
    .sign(pairs[header.alg].privateKey);
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const endpoints = { authorization_endpoint: issuer, token_endpoint: issuer, jwks_uri: `${issuer}/keys` };
  const metadata = { issuer, ...endpoints, id_token_signing_alg_values_supported: announced };
  try {
    return (await keySet.verify(token, metadata, requestTimeout())).claims['sub'];
  } catch (error) {
    if (error instanceof InvalidIdToken) return error.flaw;
    throw error;
  }
}

describe('the key of a token', () => {
  it.each<[string, () => JWK[], Header, string]>([
    [
      'the one it names',
      () => [
        { ...elliptic, kid: 'a' },
        { ...rsa, kid: 'b' },
      ],
      { alg: 'RS256', kid: 'b' },
      'ada',
    ],
    ['the only one, if it names none', () => [rsa], { alg: 'RS256' }, 'ada'],
    ['the only one of its type, if it names none', () => [rsa, elliptic], { alg: 'ES256' }, 'ada'],
    [
      'not clear if it names none of two',
      () => [
        { ...rsa, kid: 'a' },
        { ...rsa, kid: 'b' },
      ],
      { alg: 'RS256' },
      'ambiguous_key',
    ],
    [
      'not clear if two have its name',
      () => [
        { ...rsa, kid: 'a' },
        { ...rsa, kid: 'a' },
      ],
      { alg: 'RS256', kid: 'a' },
      'ambiguous_key',
    ],
    ['unknown if none has its name', () => [{ ...rsa, kid: 'a' }], { alg: 'RS256', kid: 'b' }, 'unknown_key'],
    [
      'unknown if that has another type',
      () => [{ ...rsa, kid: 'a' }],
      { alg: 'ES256', kid: 'a' },
      'unknown_key',
    ],
    [
      'unknown if that is for another algorithm',
      () => [{ ...rsa, alg: 'RS512' }],
      { alg: 'RS256' },
      'unknown_key',
    ],
    ['unknown if that is for encryption', () => [{ ...rsa, use: 'enc' }], { alg: 'RS256' }, 'unknown_key'],
    ['unknown if that is symmetric', () => [{ kty: 'oct', k: 'AAAA' }], { alg: 'RS256' }, 'unknown_key'],
  ])('finds the key of a token: it is %s', async (_, keys, header, result) => {
    published = keys();
    expect(await verify(newKeySet(), header)).toBe(result);
  });
});

it('refuses a token with an algorithm that the provider does not announce', async () => {
  published = [elliptic];
  expect(await verify(newKeySet(), { alg: 'ES256' }, ['RS256'])).toBe('algorithm');
});

it('drops a key that the provider has withdrawn after an hour, and keeps it until new ones have arrived', async () => {
  const keySet = newKeySet();
  published = [{ ...rsa, kid: 'old' }];
  const old: Header = { alg: 'RS256', kid: 'old' };
  expect(await verify(keySet, old)).toBe('ada');
  published = [{ ...elliptic, kid: 'new' }];
  expect(await verify(keySet, old)).toBe('ada');
  const served = counts.responses;

  const clock = performance.now.bind(performance);
  const anHourLater = jest.spyOn(performance, 'now').mockImplementation(() => clock() + 3_600_001);
  expect(await verify(keySet, old)).toBe('ada'); // the new keys are on their way
  for (let tries = 0; tries < 200 && (await verify(keySet, old)) === 'ada'; tries++)
    await new Promise((resolve) => setTimeout(resolve, 20));

  expect(await verify(keySet, old)).toBe('unknown_key');
  expect(counts.responses).toBe(served + 1);
  anHourLater.mockRestore();
});

describe('acceptedAlgorithms', () => {
  it('accepts only the announced asymmetric algorithms', () => {
    const announced = ['none', 'HS256', 'HS512', 'RS256', 'ES256', 'EdDSA', 'constructor', 'rs256'];
    expect(acceptedAlgorithms(announced)).toEqual(['RS256', 'ES256', 'EdDSA']);
  });

  it('accepts only RS256 when the provider announces no algorithms', () => {
    expect(acceptedAlgorithms(undefined)).toEqual(['RS256']);
  });
});

const now = new Date('2030-01-01T12:00:00Z');
const seconds = now.getTime() / 1000;
const CLIENT = 'tenantry';
const expected = {
  issuer: 'https://idp.test',
  clientId: CLIENT,
  nonce: 'the nonce',
  accessToken: 'the access token',
  now,
};
const claims = {
  iss: 'https://idp.test',
  aud: CLIENT as unknown,
  sub: 'ada',
  exp: seconds + 300,
  iat: seconds,
  nonce: 'the nonce',
};

const check = (changes: object, overrides: Partial<typeof expected> = {}) =>
  checkIdToken({ algorithm: 'RS256', claims: { ...claims, ...changes } }, { ...expected, ...overrides });

describe('accepted ID tokens', () => {
  it.each<[string, object]>([
    ['with the required claims', {}],
    ['with our client as the only audience in an array', { aud: [CLIENT] }],
    ['with several audiences and our client as authorized party', { aud: ['other', CLIENT], azp: CLIENT }],
    ['with the hash of its access token', { at_hash: accessTokenHash('RS256', 'the access token') }],
    ['from a clock that is slightly ahead', { iat: seconds + 50 }],
    ['with an end of the session', { session_expiry: seconds + 300 }],
    ['whose end of the session is null', { session_expiry: null }],
    ['issued five minutes ago, as Entra does', { iat: seconds - 300, nbf: seconds - 300 }],
  ])('accepts an ID token %s', (_, changes) => {
    expect(check(changes)).toMatchObject({ sub: 'ada' });
  });

  it('accepts an ID token without a nonce when none is expected', () => {
    expect(
      checkIdToken(
        { algorithm: 'RS256', claims: { ...claims, nonce: undefined } },
        { ...expected, nonce: null },
      ),
    ).toBeDefined();
  });
});

describe('refused ID tokens', () => {
  it.each<[string, object, string]>([
    ['of another issuer', { iss: 'https://idp.test.evil.test' }, 'issuer'],
    ['of the issuer with an extra slash', { iss: 'https://idp.test/' }, 'issuer'],
    ['without an issuer', { iss: undefined }, 'issuer'],
    ['for another audience', { aud: 'other' }, 'audience'],
    ['for several other audiences', { aud: ['other', 'another'] }, 'audience'],
    ['without an audience', { aud: undefined }, 'audience'],
    ['for an audience that contains our client id', { aud: 'not-tenantry' }, 'audience'],
    ['with several audiences and no authorized party', { aud: ['other', CLIENT] }, 'authorized_party'],
    ['with another authorized party', { azp: 'other' }, 'authorized_party'],
    [
      'with several audiences and another authorized party',
      { aud: ['other', CLIENT], azp: 'other' },
      'authorized_party',
    ],
    ['that has expired', { exp: seconds }, 'expired'],
    ['without an expiry', { exp: undefined }, 'expired'],
    ['whose expiry is a string', { exp: String(seconds + 300) }, 'expired'],
    ['without a time of issue', { iat: undefined }, 'issued_at'],
    ['issued tomorrow', { iat: seconds + 86_400, exp: seconds + 90_000 }, 'issued_at'],
    ['issued last week', { iat: seconds - 7 * 86_400 }, 'issued_at'],
    ['issued after its own expiry', { iat: seconds + 50, exp: seconds + 20 }, 'issued_at'],
    ['that is not valid yet', { nbf: seconds + 3600 }, 'issued_at'],
    ['with the nonce of another login', { nonce: 'another nonce' }, 'nonce'],
    ['without a nonce', { nonce: undefined }, 'nonce'],
    [
      'with the hash of another access token',
      { at_hash: accessTokenHash('RS256', 'another') },
      'access_token',
    ],
    [
      'with a hash of another algorithm',
      { at_hash: accessTokenHash('RS512', 'the access token') },
      'access_token',
    ],
    ['with a hash that is not a string', { at_hash: null }, 'access_token'],
    ['without a subject', { sub: undefined }, 'subject'],
    ['with a blank subject', { sub: ' ' }, 'subject'],
    ['with a numeric subject', { sub: 7 }, 'subject'],
    ['with a subject that is too long', { sub: 'a'.repeat(256) }, 'subject'],
    ['with a NUL in the subject', { sub: 'ada\0' }, 'subject'],
    ['that ends the session now', { session_expiry: seconds }, 'session_expiry'],
    ['whose end of the session is a string', { session_expiry: String(seconds + 300) }, 'session_expiry'],
    ['whose end of the session is a fraction', { session_expiry: seconds + 300.5 }, 'session_expiry'],
    ['whose end of the session is no time', { session_expiry: 1e15 }, 'session_expiry'],
    ['with a lone surrogate in the subject', { sub: '\ud800ada' }, 'subject'],
  ])('refuses an ID token %s', (_, changes, reason) => {
    expect(refusalOf(() => check(changes))).toBe(reason);
  });
});

describe('accessTokenHash', () => {
  it('matches the example of OpenID Connect Core 1.0, appendix A.3', () => {
    const accessToken = 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y';
    expect(accessTokenHash('RS256', accessToken)).toBe('77QmUPtjPfzWtF2AnpK9RQ');
  });
});

function refusalOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof InvalidIdToken) return error.flaw;
    throw error;
  }
}
