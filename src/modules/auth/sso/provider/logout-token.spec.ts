import { describe, expect, it } from '@jest/globals';
import { InvalidLogoutToken } from '../provider.errors.js';
import { checkLogoutToken } from './logout-token.js';

const now = new Date('2030-01-01T12:00:00Z');
const seconds = now.getTime() / 1000;
const expected = { issuer: 'https://idp.test', clientId: 'tenantry', now };
const claims = {
  iss: 'https://idp.test',
  aud: 'tenantry',
  sub: 'ada',
  sid: 'a session',
  jti: 'once',
  iat: seconds,
  exp: seconds + 120,
  events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
};

describe('a logout token', () => {
  it('names a person, a session, or both', () => {
    const whole = checkLogoutToken(claims, expected);
    expect(whole).toEqual({
      issuer: 'https://idp.test',
      subject: 'ada',
      sid: 'a session',
      jti: 'once',
      expiresAt: new Date((seconds + 120) * 1000),
    });
    expect(checkLogoutToken({ ...claims, sid: undefined }, expected)).toMatchObject({
      subject: 'ada',
      sid: null,
    });
    expect(checkLogoutToken({ ...claims, sub: undefined }, expected)).toMatchObject({ subject: null });
  });

  it.each<[string, object]>([
    ['of another issuer', { iss: 'https://evil.test' }],
    ['for somebody else', { aud: 'other' }],
    ['that has expired', { exp: seconds }],
    ['that never expires', { exp: undefined }],
    ['without a beginning', { iat: undefined }],
    ['about nobody', { sub: undefined, sid: undefined }],
    ['about a list of people', { sub: ['ada'] }],
    ['that could come twice', { jti: undefined }],
    ['that is an ID token', { nonce: 'a nonce' }],
    ['of no event', { events: undefined }],
    ['of another event', { events: { 'http://schemas.openid.net/event/other': {} } }],
    ['of an event that is a text', { events: { 'http://schemas.openid.net/event/backchannel-logout': 'x' } }],
  ])('%s is refused', (_, changes) => {
    expect(() => checkLogoutToken({ ...claims, ...changes }, expected)).toThrow(InvalidLogoutToken);
  });
});
