import { describe, expect, it } from '@jest/globals';
import type { Config } from '../../config/config.js';
import { SessionCookie } from './session-cookie.js';
import { CrossSiteRequest } from './errors.js';

const TOKEN = 'k'.repeat(43);
const cookieAt = (publicUrl: string | null) =>
  new SessionCookie({
    server: { publicUrl, corsAllowedOrigins: '*', corsAllowedOriginsRegex: null },
  } as Config);
const secure = cookieAt('https://tenantry.example.com/base');
const plain = cookieAt('http://127.0.0.1:1984');
const lasting = (seconds: number) => ({ createdAt: new Date(0), expiresAt: new Date(seconds * 1000) });

describe('SessionCookie', () => {
  it('sets a host-bound, secure cookie when the public URL is https', () => {
    expect(secure.serialize(TOKEN, lasting(3600.9))).toBe(
      `__Host-tenantry_session=${TOKEN}; Max-Age=3600; Path=/; HttpOnly; SameSite=Lax; Secure`,
    );
  });

  it('sets the cookie without Secure and __Host- on loopback', () => {
    expect(plain.serialize(TOKEN, lasting(60.9))).toBe(
      `tenantry_session=${TOKEN}; Max-Age=60; Path=/; HttpOnly; SameSite=Lax`,
    );
  });

  it('clears the cookie with the same name and attributes', () => {
    expect(secure.serializeCleared).toBe(
      '__Host-tenantry_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure',
    );
  });
});

describe('readToken', () => {
  it.each([
    [`tenantry_session=${TOKEN}`],
    [`theme=dark; tenantry_session=${TOKEN};lang=de`],
    [`other_tenantry_session=x; tenantry_session=${TOKEN}`],
  ])('finds the session token in the header %s', (header) => {
    expect(plain.readToken(header)).toBe(TOKEN);
  });

  it.each([
    [undefined],
    [''],
    ['theme=dark'],
    [`Tenantry_Session=${TOKEN}`],
    [`__Host-tenantry_session=${TOKEN}`],
    [`tenantry_session=${TOKEN}; tenantry_session=${'m'.repeat(43)}`],
  ])('finds no session token in the header %j', (header) => {
    expect(plain.readToken(header)).toBeNull();
  });
});

describe('assertTrustedOrigin', () => {
  const cookie = `__Host-tenantry_session=${TOKEN}`;
  const sent = (method: string, origin?: string) => () =>
    secure.assertTrustedOrigin({ method, headers: { cookie, ...(origin ? { origin } : {}) } });

  it.each(['GET', 'HEAD', 'OPTIONS'])('accepts a %s request with the cookie from any origin', (method) => {
    expect(sent(method, 'https://evil.test')).not.toThrow();
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'QUERY'])(
    'accepts a %s request with the cookie from a trusted origin only',
    (method) => {
      expect(sent(method, 'https://evil.test')).toThrow(CrossSiteRequest);
      expect(sent(method)).toThrow(CrossSiteRequest);
      expect(sent(method, 'https://tenantry.example.com')).not.toThrow();
    },
  );

  it('accepts a request without the session cookie from any origin', () => {
    expect(() =>
      secure.assertTrustedOrigin({ method: 'POST', headers: { cookie: 'theme=dark' } }),
    ).not.toThrow();
  });
});
