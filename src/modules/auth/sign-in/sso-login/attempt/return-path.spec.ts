import { describe, expect, it } from '@jest/globals';
import { returnPath } from './return-path.js';

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
