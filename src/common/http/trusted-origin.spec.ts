import { describe, expect, it } from '@jest/globals';
import { isFromTrustedOrigin } from './trusted-origin.js';

const OWN = 'https://tenantry.example.com';
const server = { publicUrl: `${OWN}/base`, corsAllowedOrigins: '*' as const, corsAllowedOriginsRegex: null };

describe('a request that brings a cookie', () => {
  it('is trusted from our own origin', () => {
    expect(isFromTrustedOrigin(server, { origin: OWN, host: 'anything' })).toBe(true);
  });

  it.each([
    ['nobody', undefined],
    ['an empty origin', ''],
    ['a sandboxed page', 'null'],
    ['another site', 'https://evil.test'],
    ['a subdomain', 'https://a.tenantry.example.com'],
    ['a look-alike', 'https://tenantry.example.com.evil.test'],
    ['plain HTTP', 'http://tenantry.example.com'],
    ['another port', 'https://tenantry.example.com:8443'],
    ['a whole address', `${OWN}/`],
    ['the host it names itself, when ours is known', 'http://evil.test'],
  ])('is not trusted from %s', (_, origin) => {
    expect(
      isFromTrustedOrigin(server, { ...(origin === undefined ? {} : { origin }), host: 'evil.test' }),
    ).toBe(false);
  });

  it('is trusted from the host it was sent to, when we have no public address', () => {
    const direct = { ...server, publicUrl: null };
    expect(isFromTrustedOrigin(direct, { origin: 'http://127.0.0.1:1984', host: '127.0.0.1:1984' })).toBe(
      true,
    );
    expect(isFromTrustedOrigin(direct, { origin: 'http://localhost:1984', host: '127.0.0.1:1984' })).toBe(
      false,
    );
    expect(isFromTrustedOrigin(direct, { origin: 'http://' })).toBe(false);
  });

  it('is trusted from listed origins', () => {
    const listing = { ...server, corsAllowedOrigins: ['https://app.example.com'] };
    expect(isFromTrustedOrigin(listing, { origin: 'https://app.example.com' })).toBe(true);
    expect(isFromTrustedOrigin(listing, { origin: 'https://app.example.com.evil.test' })).toBe(false);
  });

  it('is trusted from origins that match the expression, which takes the place of the list', () => {
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
