import { describe, expect, it } from '@jest/globals';
import type { Config } from '../../../../../config/config.js';
import { InvalidLoginState } from './login-state.errors.js';
import { LoginCookie } from './login-cookie.js';

const configOf = (publicUrl: string, salt = 'salt') =>
  ({ apiKeys: { salt }, server: { publicUrl } }) as Config;
const cookie = new LoginCookie(configOf('https://tenantry.test'));
const localCookie = new LoginCookie(configOf('http://127.0.0.1:1984'));
const NOW = new Date('2030-01-01T12:00:00Z');
const sent = (setCookie: string) => setCookie.split(';')[0]!;

describe('login cookie', () => {
  it('returns the login attempt to the browser that started it', () => {
    const attempt = cookie.newAttempt('https://tenantry.test/a', undefined, NOW);
    const header = `other=1; ${sent(cookie.serialize(attempt, { crossSite: false }))}`;

    expect(cookie.find(header, attempt.state, NOW)).toEqual(attempt);
  });

  it('sets a host-bound, HttpOnly cookie with a lifetime of ten minutes', () => {
    const attempt = cookie.newAttempt('/', undefined, NOW);

    expect(cookie.serialize(attempt, { crossSite: false }).split('; ')).toEqual([
      expect.stringMatching(/^__Host-tenantry-sign-in-\d=[\w-]+$/),
      ...['Max-Age=600', 'Path=/', 'HttpOnly', 'SameSite=Lax', 'Secure'],
    ]);
    expect(localCookie.serialize(attempt, { crossSite: true }).split('; ')).toEqual([
      expect.stringMatching(/^tenantry-sign-in-\d=[\w-]+$/),
      ...['Max-Age=600', 'Path=/', 'HttpOnly', 'SameSite=Lax'],
    ]);
  });

  it('sets SameSite=None when the provider answers with a cross-site form', () => {
    expect(cookie.serialize(cookie.newAttempt('/', undefined, NOW), { crossSite: true })).toMatch(
      /; SameSite=None; Secure$/,
    );
  });

  it('picks an unused cookie slot for each attempt until all eight are taken', () => {
    let header = '';
    const slots = new Set<string>();
    for (let tab = 0; tab < 9; tab++) {
      const attempt = cookie.newAttempt('/', header, NOW);
      slots.add(attempt.state.charAt(0));
      header += `${header && '; '}${sent(cookie.serialize(attempt, { crossSite: false }))}`;
      expect(slots.size).toBe(Math.min(tab + 1, 8));
    }
  });

  it.each<[string, (header: string, state: string) => [string | undefined, string]]>([
    ['the cookie is missing', (_, state) => [undefined, state]],
    [
      'the cookie belongs to another state',
      (header, state) => [header, `${state.charAt(0)}${'A'.repeat(43)}`],
    ],
    ['the cookie was modified', (header, state) => [swapped(header, 60), state]],
    ['the cookie is sent twice', (header, state) => [`${header}; ${header}`, state]],
    ['the cookie has another name', (header, state) => [header.replace('__Host-', ''), state]],
  ])('throws InvalidLoginState when %s', (_, change) => {
    const attempt = cookie.newAttempt('/', undefined, NOW);
    const header = sent(cookie.serialize(attempt, { crossSite: false }));

    expect(() => cookie.find(...change(header, attempt.state), NOW)).toThrow(InvalidLoginState);
  });

  it('rejects an expired login attempt that the browser still holds', () => {
    const attempt = {
      ...cookie.newAttempt('/', undefined, NOW),
      expiresAt: Math.floor(NOW.getTime() / 1000) - 1,
    };
    const header = sent(cookie.serialize(attempt, { crossSite: false }));

    expect(() => cookie.find(header, attempt.state, NOW)).toThrow(
      expect.objectContaining({ reason: 'expired' }),
    );
  });

  it('rejects a cookie that another installation secret encrypted', () => {
    const attempt = cookie.newAttempt('/', undefined, NOW);
    const header = sent(cookie.serialize(attempt, { crossSite: false }));
    const other = new LoginCookie(configOf('https://tenantry.test', 'another salt'));

    expect(() => other.find(header, attempt.state, NOW)).toThrow(InvalidLoginState);
  });
});

/** Replaces the character at that index. */
const swapped = (text: string, at: number) =>
  `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
