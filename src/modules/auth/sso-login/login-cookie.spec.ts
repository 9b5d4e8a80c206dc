import { describe, expect, it } from '@jest/globals';
import type { Config } from '../../../config/config.js';
import { InvalidLoginState } from './login.errors.js';
import { LoginCookie } from './login-cookie.js';

const configOf = (publicUrl: string, salt = 'salt') =>
  ({ apiKeys: { salt }, server: { publicUrl } }) as Config;
const cookie = new LoginCookie(configOf('https://tenantry.test'));
const onThisMachine = new LoginCookie(configOf('http://127.0.0.1:1984'));
const sent = (setCookie: string) => setCookie.split(';')[0]!;

describe('the cookie of a sign-in underway', () => {
  it('gives the attempt back to the browser that made it', () => {
    const attempt = cookie.newAttempt('https://tenantry.test/a', undefined);
    const header = `other=1; ${sent(cookie.serialize(attempt, { crossSite: false }))}`;

    expect(cookie.find(header, attempt.state)).toEqual(attempt);
  });

  it('is bound to this host, out of reach of scripts, and short-lived', () => {
    const attempt = cookie.newAttempt('/', undefined);

    expect(cookie.serialize(attempt, { crossSite: false })).toMatch(
      /^__Host-tenantry-sign-in-\d=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(onThisMachine.serialize(attempt, { crossSite: true })).toMatch(
      /^tenantry-sign-in-\d=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  it('comes along with a form of another site where the provider answers with one', () => {
    expect(cookie.serialize(cookie.newAttempt('/', undefined), { crossSite: true })).toMatch(
      /; SameSite=None; Secure$/,
    );
  });

  it('takes a place that the browser has free, as long as there is one', () => {
    let header = '';
    const places = new Set<string>();
    for (let tab = 0; tab < 9; tab++) {
      const attempt = cookie.newAttempt('/', header);
      places.add(attempt.state.charAt(0));
      header += `${header && '; '}${sent(cookie.serialize(attempt, { crossSite: false }))}`;
      expect(places.size).toBe(Math.min(tab + 1, 8));
    }
  });

  it.each<[string, (header: string, state: string) => [string | undefined, string]]>([
    ['there is none', (_, state) => [undefined, state]],
    ['it is of another state', (header, state) => [header, `${state.charAt(0)}${'A'.repeat(43)}`]],
    ['it was changed', (header, state) => [swapped(header, 60), state]],
    ['it came twice', (header, state) => [`${header}; ${header}`, state]],
    ['it stands under another name', (header, state) => [header.replace('__Host-', ''), state]],
  ])('is nothing when %s', (_, change) => {
    const attempt = cookie.newAttempt('/', undefined);
    const header = sent(cookie.serialize(attempt, { crossSite: false }));

    expect(() => cookie.find(...change(header, attempt.state))).toThrow(InvalidLoginState);
  });

  it('is nothing once it has expired, however long the browser keeps it', () => {
    const attempt = { ...cookie.newAttempt('/', undefined), expiresAt: Math.floor(Date.now() / 1000) - 1 };
    const header = sent(cookie.serialize(attempt, { crossSite: false }));

    expect(() => cookie.find(header, attempt.state)).toThrow(expect.objectContaining({ reason: 'expired' }));
  });

  it('is nothing to an installation with another secret', () => {
    const attempt = cookie.newAttempt('/', undefined);
    const header = sent(cookie.serialize(attempt, { crossSite: false }));
    const other = new LoginCookie(configOf('https://tenantry.test', 'another salt'));

    expect(() => other.find(header, attempt.state)).toThrow(InvalidLoginState);
  });
});

/** Another character in that place. */
const swapped = (text: string, at: number) =>
  `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
