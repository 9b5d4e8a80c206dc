import { describe, expect, it } from '@jest/globals';
import type { Config } from '../../../../config/config.js';
import { InvalidLoginState, TooManySignIns } from '../core/errors.js';
import { type LoginAttempt, LoginCookie, returnPath } from './login-attempts.js';

const configOf = (publicUrl: string, salt = 'salt') =>
  ({ apiKeys: { salt }, server: { publicUrl } }) as Config;
const cookie = new LoginCookie(configOf('https://tenantry.test'));
const localCookie = new LoginCookie(configOf('http://127.0.0.1:1984'));
const NOW = new Date('2030-01-01T12:00:00Z');
const sent = (setCookie: string) => setCookie.split(';')[0]!;

describe('login cookie', () => {
  it('returns the login attempt to the browser that started it', () => {
    const attempt = cookie.newAttempt(
      { returnTo: 'https://tenantry.test/a', orgId: null, maxAge: null },
      undefined,
      NOW,
    );
    const header = `other=1; ${sent(cookie.serialize(attempt, { crossSite: false }))}`;

    expect(cookie.find(header, attempt.state, NOW)).toEqual(attempt);
  });

  it('sets a host-bound, HttpOnly cookie with a lifetime of ten minutes', () => {
    const attempt = cookie.newAttempt({ returnTo: '/', orgId: null, maxAge: null }, undefined, NOW);

    expect(cookie.serialize(attempt, { crossSite: false }).split('; ')).toEqual([
      expect.stringMatching(/^__Host-tenantry-sign-in-\d=[\w-]+$/),
      ...['Max-Age=600', 'Path=/', 'HttpOnly', 'SameSite=Lax', 'Secure'],
    ]);
    expect(localCookie.serialize(attempt, { crossSite: true }).split('; ')).toEqual([
      expect.stringMatching(/^tenantry-sign-in-\d=[\w-]+$/),
      ...['Max-Age=600', 'Path=/', 'HttpOnly', 'SameSite=Lax'],
    ]);
  });

  it('sets SameSite=None when the provider responds with a cross-site form', () => {
    expect(
      cookie.serialize(cookie.newAttempt({ returnTo: '/', orgId: null, maxAge: null }, undefined, NOW), {
        crossSite: true,
      }),
    ).toMatch(/; SameSite=None; Secure$/);
  });

  /** Attempts of eight tabs that start one second after the other, and the header with their cookies. */
  function startEight() {
    const attempts: LoginAttempt[] = [];
    const header = () => attempts.map((one) => sent(cookie.serialize(one, { crossSite: false }))).join('; ');
    for (let tab = 0; tab < 8; tab++)
      attempts.push(cookie.newAttempt({ returnTo: '/', orgId: null, maxAge: null }, header(), after(tab)));
    return { attempts, header: header() };
  }
  const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
  const slotOf = ({ state }: LoginAttempt) => state.charAt(0);

  it('picks an unused cookie slot for each attempt until all eight are taken', () => {
    expect(new Set(startEight().attempts.map(slotOf)).size).toBe(8);
  });

  it('refuses a ninth attempt while the oldest one is younger than a minute', () => {
    const { header } = startEight();

    expect(() => cookie.newAttempt({ returnTo: '/', orgId: null, maxAge: null }, header, after(59))).toThrow(
      TooManySignIns,
    );
    expect(() => cookie.newAttempt({ returnTo: '/', orgId: null, maxAge: null }, header, after(20))).toThrow(
      expect.objectContaining({ retryAfterSeconds: 40 }),
    );
  });

  it('replaces the oldest attempt once it is a minute old', () => {
    const { attempts, header } = startEight();

    expect(slotOf(cookie.newAttempt({ returnTo: '/', orgId: null, maxAge: null }, header, after(60)))).toBe(
      slotOf(attempts[0]!),
    );
  });

  it('replaces what is no attempt first', () => {
    const { attempts, header } = startEight();
    const damaged = header.replace(/(sign-in-\d=)[\w-]+$/, '$1x');

    expect(slotOf(cookie.newAttempt({ returnTo: '/', orgId: null, maxAge: null }, damaged, after(8)))).toBe(
      slotOf(attempts[7]!),
    );
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
    const attempt = cookie.newAttempt({ returnTo: '/', orgId: null, maxAge: null }, undefined, NOW);
    const header = sent(cookie.serialize(attempt, { crossSite: false }));

    expect(() => cookie.find(...change(header, attempt.state), NOW)).toThrow(InvalidLoginState);
  });

  it('rejects an expired login attempt that the browser still holds', () => {
    const attempt = {
      ...cookie.newAttempt({ returnTo: '/', orgId: null, maxAge: null }, undefined, NOW),
      expiresAt: Math.floor(NOW.getTime() / 1000) - 1,
    };
    const header = sent(cookie.serialize(attempt, { crossSite: false }));

    expect(() => cookie.find(header, attempt.state, NOW)).toThrow(
      expect.objectContaining({ reason: 'expired' }),
    );
  });

  it('rejects a cookie that another installation secret encrypted', () => {
    const attempt = cookie.newAttempt({ returnTo: '/', orgId: null, maxAge: null }, undefined, NOW);
    const header = sent(cookie.serialize(attempt, { crossSite: false }));
    const other = new LoginCookie(configOf('https://tenantry.test', 'another salt'));

    expect(() => other.find(header, attempt.state, NOW)).toThrow(InvalidLoginState);
  });
});

/** Replaces the character at that index. */
const swapped = (text: string, at: number) =>
  `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;

const HOME = 'https://tenantry.test';

describe('return path after a sign-in', () => {
  it.each([
    ['/', 'https://tenantry.test/'],
    ['/settings/members', 'https://tenantry.test/settings/members'],
    ['/o/1?tab=members&q=a%2Fb#top', 'https://tenantry.test/o/1?tab=members&q=a%2Fb#top'],
    ['/a/../b', 'https://tenantry.test/b'],
    ['/?next=https://evil.test', 'https://tenantry.test/?next=https://evil.test'],
    ['/@evil.test', 'https://tenantry.test/@evil.test'],
    ['https://tenantry.test/settings', 'https://tenantry.test/settings'],
  ])('keeps %s as a path on our own origin', (requested, expected) => {
    expect(returnPath(requested, HOME)).toBe(expected);
  });

  it.each([
    ['a missing value', undefined],
    ['an empty string', ''],
    ['an array', ['/a', '/b']],
    ['a relative path', 'settings'],
    ['another host', '//evil.test'],
    ['another host, with a backslash', '/\\evil.test'],
    ['another host, with two backslashes', '\\\\evil.test'],
    ['another host, with a scheme', 'https://evil.test/'],
    ['another host, with a scheme and no slashes', 'https:evil.test'],
    ['another host, encoded', '/%2f%2fevil.test'],
    ['another host, encoded from the start', '%2f%2fevil.test'],
    ['another host, one slash encoded', '/%2Fevil.test'],
    ['another host, a backslash encoded', '/%5cevil.test'],
    ['another host, behind dots', '/.//evil.test'],
    ['another host, behind a parent directory', '/a/..//evil.test'],
    ['another host, behind a tab', '/\t/evil.test'],
    ['another host, behind a newline', '/\n/evil.test'],
    ['a second header', '/a\r\nSet-Cookie: a=b'],
    ['a leading space', ' /settings'],
    ['a user name before the host', 'https://tenantry.test@evil.test/'],
    ['a host that starts with ours', 'https://tenantry.test.evil.test/'],
    ['our host over plain http', 'http://tenantry.test/settings'],
    ['another port', 'https://tenantry.test:8443/settings'],
    ['another host behind ours', 'https://tenantry.test//evil.test'],
    ['a javascript URL', 'javascript:alert(1)'],
    ['a data URL', 'data:text/html,x'],
    ['a path that is too long', `/${'a'.repeat(2_000)}`],
    ['a path that is too long once encoded', `/${'ä'.repeat(500)}`],
  ])('falls back to the home page for %s', (_, requested) => {
    expect(returnPath(requested, HOME)).toBe(HOME);
  });

  it('keeps the base path of the server in the home URL', () => {
    expect(returnPath(undefined, 'https://tenantry.test/base')).toBe('https://tenantry.test/base');
  });
});
