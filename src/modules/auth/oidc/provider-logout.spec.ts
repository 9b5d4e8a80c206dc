import { describe, expect, it } from '@jest/globals';
import { InvalidLogoutToken } from './provider/provider.errors.js';
import { checkLogoutToken } from './provider-logout.js';

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

describe('checkLogoutToken', () => {
  it('accepts a logout token with a subject, a session id, or both', () => {
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

  it('accepts a logout token without an expiry for two minutes', () => {
    const token = { ...claims, exp: undefined, iat: seconds - 119 };

    expect(checkLogoutToken(token, expected).expiresAt).toEqual(new Date((seconds + 1) * 1000));
  });

  it.each<[string, object]>([
    ['of another issuer', { iss: 'https://evil.test' }],
    ['for another audience', { aud: 'other' }],
    ['that has expired', { exp: seconds }],
    ['without an expiry, two minutes old', { exp: undefined, iat: seconds - 120 }],
    ['without an expiry and without a time of issue', { exp: undefined, iat: undefined }],
    ['with an expiry that is null', { exp: null }],
    ['without a time of issue', { iat: undefined }],
    ['without a subject and a session id', { sub: undefined, sid: undefined }],
    ['with an array as subject', { sub: ['ada'] }],
    ['without a token id', { jti: undefined }],
    ['with the nonce of an ID token', { nonce: 'a nonce' }],
    ['without an event', { events: undefined }],
    ['of another event', { events: { 'http://schemas.openid.net/event/other': {} } }],
    [
      'with an event that is a string',
      { events: { 'http://schemas.openid.net/event/backchannel-logout': 'x' } },
    ],
  ])('refuses a logout token %s', (_, changes) => {
    expect(() => checkLogoutToken({ ...claims, ...changes }, expected)).toThrow(InvalidLogoutToken);
  });
});
