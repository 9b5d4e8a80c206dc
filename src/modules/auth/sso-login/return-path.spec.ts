import { describe, expect, it } from '@jest/globals';
import { returnPath } from './return-path.js';

const HOME = 'https://tenantry.test';

describe('after a sign-in the browser goes', () => {
  it.each([
    ['/', 'https://tenantry.test/'],
    ['/settings/members', 'https://tenantry.test/settings/members'],
    ['/o/1?tab=members&q=a%2Fb#top', 'https://tenantry.test/o/1?tab=members&q=a%2Fb#top'],
    ['/a/../b', 'https://tenantry.test/b'],
    ['/?next=https://evil.test', 'https://tenantry.test/?next=https://evil.test'],
    ['/@evil.test', 'https://tenantry.test/@evil.test'],
    ['https://tenantry.test/settings', 'https://tenantry.test/settings'],
  ])('to the wanted place: %s', (wanted, there) => {
    expect(returnPath(wanted, HOME)).toBe(there);
  });

  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['a list', ['/a', '/b']],
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
    ['another host, behind a folder left again', '/a/..//evil.test'],
    ['another host, behind a tab', '/\t/evil.test'],
    ['another host, behind a line end', '/\n/evil.test'],
    ['a second header', '/a\r\nSet-Cookie: a=b'],
    ['a blank in front', ' /settings'],
    ['a name before the host', 'https://tenantry.test@evil.test/'],
    ['a host that begins like ours', 'https://tenantry.test.evil.test/'],
    ['our host over plain http', 'http://tenantry.test/settings'],
    ['another port', 'https://tenantry.test:8443/settings'],
    ['another host behind ours', 'https://tenantry.test//evil.test'],
    ['a script', 'javascript:alert(1)'],
    ['data', 'data:text/html,x'],
    ['far too much', `/${'a'.repeat(2_000)}`],
    ['too much once it is encoded', `/${'ä'.repeat(500)}`],
  ])('home for %s', (_, wanted) => {
    expect(returnPath(wanted, HOME)).toBe(HOME);
  });

  it('home keeps the path that the server is below', () => {
    expect(returnPath(undefined, 'https://tenantry.test/base')).toBe('https://tenantry.test/base');
  });
});
