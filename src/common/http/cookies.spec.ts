import { describe, expect, it } from '@jest/globals';
import { cookieValue, isFromTrustedOrigin } from './cookies.js';

const NAME = '__Host-id';

describe('cookieValue', () => {
  it.each([
    ['__Host-id=1', '1'],
    ['a=2; __Host-id=1; b=3', '1'],
    ['a=2;\t __Host-id=1', '1'],
    ['__Host-id=1=2', '1=2'],
    ['__Host-id=', ''],
  ])('reads the value of a cookie from %j', (header, value) => {
    expect(cookieValue(header, NAME)).toBe(value);
  });

  it.each(['', 'a=2', '__Host-idx=1', '__Host-id', '__Host-id=1; __Host-id=1'])(
    'returns null for %j',
    (header) => {
      expect(cookieValue(header, NAME)).toBeNull();
    },
  );

  it.each([
    '\xA0__Host-id',
    '\v__Host-id',
    '\f__Host-id',
    '__Host-id ',
    '__Host-id\xA0',
    '__host-id',
    '"__Host-id"',
  ])('ignores a cookie with the other name %j, alone and beside the cookie', (spelling) => {
    expect(cookieValue(`${spelling}=forged`, NAME)).toBeNull();
    expect(cookieValue(`${spelling}=forged; ${NAME}=1`, NAME)).toBe('1');
    expect(cookieValue(`${NAME}=1; ${spelling}=forged`, NAME)).toBe('1');
  });
});

const OWN = 'https://tenantry.example.com';
const server = { publicUrl: `${OWN}/base`, corsAllowedOrigins: '*' as const, corsAllowedOriginsRegex: null };

describe('a request with a session cookie', () => {
  it("trusts a request with a cookie from the server's own origin", () => {
    expect(isFromTrustedOrigin(server, { origin: OWN, host: 'anything' })).toBe(true);
  });

  it.each([
    ['a page without an origin', undefined],
    ['an empty origin', ''],
    ['a sandboxed page', 'null'],
    ['another site', 'https://evil.test'],
    ['a subdomain', 'https://a.tenantry.example.com'],
    ['a look-alike', 'https://tenantry.example.com.evil.test'],
    ['plain HTTP', 'http://tenantry.example.com'],
    ['another port', 'https://tenantry.example.com:8443'],
    ['an origin with a path', `${OWN}/`],
    ['its Host header, when a public URL is configured', 'http://evil.test'],
  ])('does not trust a request with a cookie from %s', (_, origin) => {
    expect(
      isFromTrustedOrigin(server, { ...(origin === undefined ? {} : { origin }), host: 'evil.test' }),
    ).toBe(false);
  });

  it('trusts the origin in the Host header when no public URL is configured', () => {
    const direct = { ...server, publicUrl: null };
    expect(isFromTrustedOrigin(direct, { origin: 'http://127.0.0.1:1984', host: '127.0.0.1:1984' })).toBe(
      true,
    );
    expect(isFromTrustedOrigin(direct, { origin: 'http://localhost:1984', host: '127.0.0.1:1984' })).toBe(
      false,
    );
    expect(isFromTrustedOrigin(direct, { origin: 'http://' })).toBe(false);
  });

  it('trusts a request with a cookie from a listed origin', () => {
    const listing = { ...server, corsAllowedOrigins: ['https://app.example.com'] };
    expect(isFromTrustedOrigin(listing, { origin: 'https://app.example.com' })).toBe(true);
    expect(isFromTrustedOrigin(listing, { origin: 'https://app.example.com.evil.test' })).toBe(false);
  });

  it('trusts origins that match the regular expression, which replaces the list', () => {
    const matching = {
      ...server,
      corsAllowedOrigins: ['https://old.example.com'],
      corsAllowedOriginsRegex: /^(?:https:\/\/[a-z]+\.example\.com)$/,
    };
    expect(isFromTrustedOrigin(matching, { origin: 'https://app.example.com' })).toBe(true);
    expect(
      isFromTrustedOrigin(
        { ...matching, corsAllowedOriginsRegex: /^(?:https:\/\/x)$/ },
        { origin: 'https://old.example.com' },
      ),
    ).toBe(false);
  });
});
