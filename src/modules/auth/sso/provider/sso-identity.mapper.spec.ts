import { describe, expect, it } from '@jest/globals';
import { InvalidIdToken } from '../provider.errors.js';
import { toSsoIdentity } from './sso-identity.mapper.js';

const token = { iss: 'https://idp.test', sub: 'ada', exp: 1 };

describe('the address of a person', () => {
  it.each<[string, object, object, string | null, boolean | null]>([
    ['is that of the ID token', { email: 'a@x.test', email_verified: true }, {}, 'a@x.test', true],
    ['may come from UserInfo', {}, { email: 'a@x.test', email_verified: true }, 'a@x.test', true],
    [
      'is verified by who names it',
      { email: 'a@x.test' },
      { email: 'b@x.test', email_verified: true },
      'a@x.test',
      null,
    ],
    [
      'is verified by who names the same',
      { email: 'a@x.test' },
      { email: 'a@x.test', email_verified: true },
      'a@x.test',
      true,
    ],
    ['is not verified when nobody says so', { email: 'a@x.test' }, {}, 'a@x.test', null],
    [
      'is not verified by a no',
      { email: 'a@x.test', email_verified: false },
      { email: 'a@x.test', email_verified: true },
      'a@x.test',
      false,
    ],
    [
      'is verified by a yes that is a text',
      { email: 'a@x.test', email_verified: 'true' },
      {},
      'a@x.test',
      true,
    ],
    ['is not verified by another text', { email: 'a@x.test', email_verified: 'yes' }, {}, 'a@x.test', false],
    ['is not verified by a number', { email: 'a@x.test', email_verified: 1 }, {}, 'a@x.test', false],
    ['is none of a list', { email: ['a@x.test', 'b@x.test'] }, {}, null, null],
    ['is none without one', {}, { email_verified: true }, null, null],
  ])('%s', (_, inToken, userInfo, email, emailIsVerified) => {
    expect(toSsoIdentity({ ...token, ...inToken }, { ...userInfo }, 'sub')).toMatchObject({
      email,
      emailIsVerified,
    });
  });
});

describe('the name of a person', () => {
  it.each<[object, string | null]>([
    [{ name: ' Ada Lovelace ', given_name: 'Augusta' }, 'Ada Lovelace'],
    [{ given_name: 'Ada', family_name: 'Lovelace' }, 'Ada Lovelace'],
    [{ family_name: 'Lovelace' }, 'Lovelace'],
    [{ name: '', given_name: 7 }, null],
    [{}, null],
  ])('in %j is %j', (claims, fullName) => {
    expect(toSsoIdentity(token, { ...claims }, 'sub').fullName).toBe(fullName);
  });
});

describe('the subject of a person', () => {
  it('is read from the signed token only', () => {
    expect(toSsoIdentity({ ...token, oid: 'entra' }, { oid: 'other' }, 'oid').subject).toBe('entra');
    expect(() => toSsoIdentity(token, { oid: 'entra' }, 'oid')).toThrow(InvalidIdToken);
  });
});

describe('the claims of a person', () => {
  it('are those of UserInfo under those of the ID token', () => {
    const { claims } = toSsoIdentity(
      { ...token, groups: ['signed'] },
      { groups: ['told'], dept: 'x' },
      'sub',
    );
    expect(claims).toMatchObject({ groups: ['signed'], dept: 'x', sub: 'ada' });
  });
});
