import { describe, expect, it } from '@jest/globals';
import {
  looksLikeScimToken,
  newApiKey,
  newScimToken,
  parseApiKey,
  secretDigest,
  shortKey,
  shortScimToken,
} from './credential-formats.js';

/** The checksum is the first 10 digits that sha256sum prints for `lsv2_pt_0123456789abcdef0123456789abcdef`. */
const KNOWN_KEY = 'lsv2_pt_0123456789abcdef0123456789abcdef_29bd6be9dd';

describe('newApiKey', () => {
  it.each([
    ['pat', /^lsv2_pt_[0-9a-f]{32}_[0-9a-f]{10}$/],
    ['service', /^lsv2_sk_[0-9a-f]{32}_[0-9a-f]{10}$/],
  ] as const)('creates a %s key in the published format that can be parsed', (kind, format) => {
    const key = newApiKey(kind);

    expect(key).toMatch(format);
    expect(parseApiKey(key)?.kind).toBe(kind);
  });

  it('never creates the same key twice', () => {
    expect(new Set(Array.from({ length: 1000 }, () => newApiKey('pat'))).size).toBe(1000);
  });
});

describe('parseApiKey', () => {
  it('accepts a key whose checksum is the start of the SHA-256 of the rest', () => {
    expect(parseApiKey(KNOWN_KEY)).toEqual({
      kind: 'pat',
      sha256: expect.stringMatching(/^29bd6be9dd[0-9a-f]{54}$/),
    });
  });

  it('refuses a key with any one digit mistyped', () => {
    const accepted = KNOWN_KEY.split('').flatMap((character, index) => {
      const mistyped =
        KNOWN_KEY.slice(0, index) + (character === '7' ? '8' : '7') + KNOWN_KEY.slice(index + 1);
      return parseApiKey(mistyped) === null ? [] : [mistyped];
    });
    expect(accepted).toEqual([]);
  });

  it.each([
    ['a key of the other kind with the same digits', KNOWN_KEY.replace('_pt_', '_sk_')],
    ['a key in upper case', KNOWN_KEY.toUpperCase()],
    ['a key with a trailing line break', `${KNOWN_KEY}\n`],
    ['a key with a leading space', ` ${KNOWN_KEY}`],
    ['a truncated key', KNOWN_KEY.slice(0, -1)],
    ['a legacy key', `ls__${'0'.repeat(32)}`],
    ['a SCIM token', `lsv2_scim_${'A'.repeat(43)}`],
    ['an empty string', ''],
  ])('refuses %s as an API key', (_what, text) => {
    expect(parseApiKey(text)).toBeNull();
  });
});

describe('shortKey', () => {
  it('shows the prefix, the first four and the last four digits', () => {
    expect(shortKey(KNOWN_KEY)).toBe('lsv2_pt_0123...e9dd');
  });
});

it('a new token is the prefix and 43 unique base64url characters', () => {
  const tokens = Array.from({ length: 100 }, newScimToken);

  for (const token of tokens) expect(token).toMatch(/^lsv2_scim_[A-Za-z0-9_-]{43}$/);
  expect(tokens.every(looksLikeScimToken)).toBe(true);
  expect(new Set(tokens).size).toBe(100);
});

it.each([
  '',
  'lsv2_scim_',
  `lsv2_scim_${'a'.repeat(42)}`,
  `lsv2_scim_${'a'.repeat(44)}`,
  `lsv2_sk_${'a'.repeat(43)}`,
])('the text %j is not accepted as a token', (text) => {
  expect(looksLikeScimToken(text)).toBe(false);
});

it('shortScimToken shows the first and last four characters', () => {
  expect(shortScimToken(`lsv2_scim_abcd${'x'.repeat(35)}wxyz`)).toBe('lsv2_scim_abcd...wxyz');
});

it('the digest of a secret is HMAC-SHA-256 under the salt (RFC 4231, test case 2)', () => {
  expect(secretDigest('Jefe', 'what do ya want for nothing?').toString('hex')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});
