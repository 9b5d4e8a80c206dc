import { describe, expect, it } from '@jest/globals';
import { InvalidIdToken } from '../provider.errors.js';
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

const check = (changes: object, looking: Partial<typeof expected> = {}) =>
  checkIdToken({ algorithm: 'RS256', claims: { ...claims, ...changes } }, { ...expected, ...looking });

describe('an ID token is accepted', () => {
  it.each<[string, object]>([
    ['as the standard describes it', {}],
    ['with us as the only one of a list', { aud: [CLIENT] }],
    ['for several, when it was given to us', { aud: ['other', CLIENT], azp: CLIENT }],
    ['with the hash of its access token', { at_hash: accessTokenHash('RS256', 'the access token') }],
    ['from a clock that is a little ahead', { iat: seconds + 50 }],
    ['from five minutes ago, as Entra writes it', { iat: seconds - 300, nbf: seconds - 300 }],
  ])('%s', (_, changes) => {
    expect(check(changes)).toMatchObject({ sub: 'ada' });
  });

  it('without a nonce when no browser is waiting for one', () => {
    expect(
      checkIdToken(
        { algorithm: 'RS256', claims: { ...claims, nonce: undefined } },
        { ...expected, nonce: null },
      ),
    ).toBeDefined();
  });
});

describe('an ID token is refused', () => {
  it.each<[string, object, string]>([
    ['of another issuer', { iss: 'https://idp.test.evil.test' }, 'issuer'],
    ['of the issuer with a slash more', { iss: 'https://idp.test/' }, 'issuer'],
    ['of no issuer', { iss: undefined }, 'issuer'],
    ['for somebody else', { aud: 'other' }, 'audience'],
    ['for others', { aud: ['other', 'another'] }, 'audience'],
    ['for nobody', { aud: undefined }, 'audience'],
    ['for a text that holds us', { aud: 'not-tenantry' }, 'audience'],
    ['for several without saying to whom it was given', { aud: ['other', CLIENT] }, 'authorized_party'],
    ['given to somebody else', { azp: 'other' }, 'authorized_party'],
    ['given to somebody else, for several', { aud: ['other', CLIENT], azp: 'other' }, 'authorized_party'],
    ['that has expired', { exp: seconds }, 'expired'],
    ['that never expires', { exp: undefined }, 'expired'],
    ['whose end is a text', { exp: String(seconds + 300) }, 'expired'],
    ['without a beginning', { iat: undefined }, 'issued_at'],
    ['from tomorrow', { iat: seconds + 86_400, exp: seconds + 90_000 }, 'issued_at'],
    ['from last week', { iat: seconds - 7 * 86_400 }, 'issued_at'],
    ['made after its own end', { iat: seconds + 50, exp: seconds + 20 }, 'issued_at'],
    ['not valid yet', { nbf: seconds + 3600 }, 'issued_at'],
    ['of another login', { nonce: 'another nonce' }, 'nonce'],
    ['of no login', { nonce: undefined }, 'nonce'],
    ['with another access token', { at_hash: accessTokenHash('RS256', 'another') }, 'access_token'],
    [
      'with a hash of another kind',
      { at_hash: accessTokenHash('RS512', 'the access token') },
      'access_token',
    ],
    ['with a hash that is no text', { at_hash: null }, 'access_token'],
    ['about nobody', { sub: undefined }, 'subject'],
    ['about an empty name', { sub: ' ' }, 'subject'],
    ['about a number', { sub: 7 }, 'subject'],
    ['about a name beyond all measure', { sub: 'a'.repeat(256) }, 'subject'],
    ['about a name with a NUL', { sub: 'ada\0' }, 'subject'],
    ['about a name with half a character', { sub: '\ud800ada' }, 'subject'],
  ])('%s', (_, changes, reason) => {
    expect(refusalOf(() => check(changes))).toBe(reason);
  });
});

describe('the hash of an access token', () => {
  it('is the one of the standard (OpenID Connect Core 1.0, appendix A.3)', () => {
    const accessToken = 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y';
    expect(accessTokenHash('RS256', accessToken)).toBe('77QmUPtjPfzWtF2AnpK9RQ');
  });
});

function refusalOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof InvalidIdToken) return error.reason;
    throw error;
  }
}
