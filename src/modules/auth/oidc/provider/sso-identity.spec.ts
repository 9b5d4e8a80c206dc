import { describe, expect, it } from '@jest/globals';
import { InvalidIdToken } from './provider.errors.js';
import { subjectClaim, toSsoIdentity } from './sso-identity.js';

const token = { iss: 'https://idp.test', sub: 'ada', exp: 1 };
/** A minute after the sign-in of the tests. */
const now = new Date(1_700_000_060_000);
const by = (identifier: string, emailClaims = ['email']) => ({ identifier, emailClaims, now });

describe('e-mail of the identity', () => {
  it.each<[string, object, object, string | null, boolean | null]>([
    ['the ID token has one', { email: 'a@x.test', email_verified: true }, {}, 'a@x.test', true],
    ['only UserInfo has one', {}, { email: 'a@x.test', email_verified: true }, 'a@x.test', true],
    [
      'UserInfo verifies another address',
      { email: 'a@x.test' },
      { email: 'b@x.test', email_verified: true },
      'a@x.test',
      null,
    ],
    [
      'UserInfo verifies the same address',
      { email: 'a@x.test' },
      { email: 'a@x.test', email_verified: true },
      'a@x.test',
      true,
    ],
    ['email_verified is missing', { email: 'a@x.test' }, {}, 'a@x.test', null],
    [
      'email_verified is false',
      { email: 'a@x.test', email_verified: false },
      { email: 'a@x.test', email_verified: true },
      'a@x.test',
      false,
    ],
    [
      'email_verified is the string true',
      { email: 'a@x.test', email_verified: 'true' },
      {},
      'a@x.test',
      true,
    ],
    ['email_verified is another string', { email: 'a@x.test', email_verified: 'yes' }, {}, 'a@x.test', false],
    ['email_verified is a number', { email: 'a@x.test', email_verified: 1 }, {}, 'a@x.test', false],
    ['the claim is a list', { email: ['a@x.test', 'b@x.test'] }, {}, 'a@x.test', null],
    [
      'email_verified is true beside a list',
      { email: ['a@x.test'], email_verified: true },
      {},
      'a@x.test',
      null,
    ],
    [
      'email_verified is false beside a list',
      { email: ['a@x.test'], email_verified: false },
      {},
      'a@x.test',
      false,
    ],
    ['the first value of the list is no address', { email: [7, 'b@x.test'] }, {}, null, null],
    ['the claim is no address', { email: 'ada', email_verified: true }, {}, null, null],
    [
      'only UserInfo has an address',
      { email: 'ada', email_verified: true },
      { email: 'a@x.test' },
      'a@x.test',
      null,
    ],
    ['the claim is missing', {}, { email_verified: true }, null, null],
  ])(
    'maps the e-mail address and its verification when %s',
    (_, inToken, userInfo, email, emailIsVerified) => {
      expect(toSsoIdentity({ ...token, ...inToken }, { ...userInfo }, by('sub'))).toMatchObject({
        email,
        emailIsVerified,
      });
    },
  );
});

describe('e-mail of the identity by several claims', () => {
  const names = by('sub', ['upn', 'emails', 'email']);
  const verified = { email: 'a@x.test', email_verified: true };

  it.each<[string, object, object, string | null, boolean | null]>([
    ['the first one has an address', { upn: 'u@x.test', ...verified }, {}, 'u@x.test', null],
    ['the first one has the verified address', { upn: 'a@x.test', ...verified }, {}, 'a@x.test', null],
    ['only UserInfo has the first one', { ...verified }, { upn: 'u@x.test' }, 'u@x.test', null],
    ['the first one is no address', { upn: 'X\\u', emails: ['b@x.test'], ...verified }, {}, 'b@x.test', null],
    ['only the last one has an address', { upn: 'u', emails: [], ...verified }, {}, 'a@x.test', true],
    ['none has an address', { upn: 'u', email_verified: true }, {}, null, null],
  ])('maps the address and its verification when %s', (_, inToken, userInfo, email, emailIsVerified) => {
    expect(toSsoIdentity({ ...token, ...inToken }, { ...userInfo }, names)).toMatchObject({
      email,
      emailIsVerified,
    });
  });
});

describe('full name of the identity', () => {
  it.each<[object, string | null]>([
    [{ name: ' Ada Lovelace ', given_name: 'Augusta' }, 'Ada Lovelace'],
    [{ given_name: 'Ada', family_name: 'Lovelace' }, 'Ada Lovelace'],
    [{ family_name: 'Lovelace' }, 'Lovelace'],
    [{ name: '', given_name: 7 }, null],
    [{}, null],
  ])('reads from %j the full name %j', (claims, fullName) => {
    expect(toSsoIdentity(token, { ...claims }, by('sub')).fullName).toBe(fullName);
  });
});

describe('user name of the identity', () => {
  it.each<[object, object, string | null]>([
    [{ preferred_username: ' ada ' }, {}, 'ada'],
    [{}, { preferred_username: 'ada' }, 'ada'],
    [{ preferred_username: ['ada'] }, {}, null],
    [{}, {}, null],
  ])('reads from the ID token %j and UserInfo %j the user name %j', (inToken, userInfo, username) => {
    expect(toSsoIdentity({ ...token, ...inToken }, { ...userInfo }, by('sub')).username).toBe(username);
  });
});

describe('authentication of the identity', () => {
  it.each<[object, object]>([
    [
      { acr: 'gold', amr: ['pwd', 'otp'], auth_time: 1_700_000_000 },
      { acr: 'gold', amr: ['pwd', 'otp'], authenticatedAt: new Date('2023-11-14T22:13:20Z'), ageSeconds: 60 },
    ],
    [
      { acr: 7, amr: 'mfa', auth_time: '1700000000' },
      { acr: null, amr: null, authenticatedAt: null, ageSeconds: null },
    ],
    [
      { acr: '', amr: ['pwd', 7, null], auth_time: 1e30 },
      { acr: null, amr: ['pwd'], authenticatedAt: null, ageSeconds: null },
    ],
    [{}, { acr: null, amr: null, authenticatedAt: null, ageSeconds: null }],
  ])('reads from the ID token %j', (inToken, authentication) => {
    const userInfo = { acr: 'platinum', amr: ['hwk'], auth_time: 1_800_000_000 };
    expect(toSsoIdentity({ ...token, ...inToken }, userInfo, by('sub')).authentication).toEqual(
      authentication,
    );
  });
});

describe('subject of the identity', () => {
  it('reads the subject from the ID token only', () => {
    expect(toSsoIdentity({ ...token, oid: 'entra' }, { oid: 'other' }, by('oid')).subject).toBe('entra');
    expect(() => toSsoIdentity(token, { oid: 'entra' }, by('oid'))).toThrow(InvalidIdToken);
  });
});

describe('claims of the identity', () => {
  it('prefers claims of the ID token over claims of UserInfo', () => {
    const { claims } = toSsoIdentity(
      { ...token, groups: ['signed'] },
      { groups: ['told'], dept: 'x' },
      by('sub'),
    );
    expect(claims).toMatchObject({ groups: ['signed'], dept: 'x', sub: 'ada' });
  });
});

const overrides = {
  'https://idp.example.com': 'employee_id',
  'https://idp.example.com/special': 'badge',
  'https://login.microsoftonline.com/one/v2.0': 'email',
};

describe('subjectClaim', () => {
  it.each([
    ['https://other.test', 'sub'],
    ['https://idp.example.com', 'employee_id'],
    ['https://idp.example.com/', 'employee_id'],
    ['https://idp.example.com/realm', 'employee_id'],
    ['https://idp.example.com/special/realm', 'badge'],
    ['https://idp.example.com.evil.test', 'sub'],
    ['https://idp.example.com:8443', 'sub'],
    ['https://login.microsoftonline.com/two/v2.0', 'oid'],
    ['https://login.microsoftonline.com/one/v2.0', 'email'],
    ['https://login.microsoftonline.us/two/v2.0', 'oid'],
    ['https://login.partner.microsoftonline.cn/two/v2.0', 'oid'],
    ['https://sts.windows.net/two/', 'oid'],
    ['https://login.microsoftonline.com.evil.test/two/v2.0', 'sub'],
  ])('maps the issuer %s to the claim %s', (issuer, claim) => {
    expect(subjectClaim(issuer, overrides)).toBe(claim);
  });
});
