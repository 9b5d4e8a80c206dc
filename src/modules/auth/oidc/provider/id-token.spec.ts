import { describe, expect, it } from '@jest/globals';
import { InvalidIdToken } from './provider.errors.js';
import { accessTokenHash, checkIdToken } from './id-token.js';

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
