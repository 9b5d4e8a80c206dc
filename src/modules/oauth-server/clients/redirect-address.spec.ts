import { describe, expect, it } from '@jest/globals';
import { isAllowed, kindOf, redirectFlaw } from './redirect-address.js';

describe('a redirect address', () => {
  it.each([
    ['https://app.example.com/callback', 'web'],
    ['https://app.example.com:8443/callback?from=login', 'web'],
    ['https://app.example.com', 'web'],
    ['https://localhost:3000/callback', 'loopback'],
    ['http://127.0.0.1/callback', 'loopback'],
    ['http://127.0.0.1:49152', 'loopback'],
    ['http://[::1]:49152/callback', 'loopback'],
    ['http://localhost:49152/callback?a=b', 'loopback'],
    ['com.example.app:/callback', 'native'],
    ['cursor://anysphere.cursor-retrieval/oauth/callback', 'native'],
    ['vscode://vendor.extension/callback', 'native'],
  ])('%s may be registered: %s', (address, kind) => {
    expect([redirectFlaw(address), kindOf(address)]).toEqual([null, kind]);
  });

  it.each([
    ['without a scheme', ['/callback', 'app.example.com/callback', '//app.example.com', '']],
    [
      'that is no URL',
      ['https://', 'https://app.example.com:99999/', 'https://[::1', 'http://localhost:99999'],
    ],
    ['with a fragment', ['https://app.example.com/#', 'com.example.app:/#a', 'http://localhost/#/callback']],
    [
      'with user information',
      [
        'https://user@app.example.com/',
        'https://user:password@app.example.com/',
        'https://@app.example.com/',
        'http://localhost:80@evil.example.com/',
        'http://127.0.0.1@evil.example.com/',
        'app://user@host/callback',
      ],
    ],
    [
      'that is https with an IP address',
      [
        'https://192.0.2.1/callback',
        'https://127.0.0.1/callback',
        'https://[2001:db8::1]/callback',
        'https://3221225985/',
        'https://0xc0.0.2.1/',
        'https://192.0.2.1./',
      ],
    ],
    [
      'that is http without a loopback address',
      [
        'http://app.example.com/callback',
        'http://127.0.0.2/',
        'http://localhost.evil.example.com/',
        'http://127.0.0.1.evil.example.com/',
        'http://127.1/',
        'http://foo.localhost/',
        'http:/localhost/',
      ],
    ],
    [
      'with a scheme that browsers run or show',
      [
        'javascript:alert(1)',
        'JavaScript://app.example.com/%0aalert(1)',
        'data:text/html,x',
        'file:///etc/passwd',
        'vbscript:x',
        'blob:https://app.example.com/1',
        'about:blank',
      ],
    ],
    [
      'that parsers read differently',
      [
        'HTTPS://app.example.com/',
        'Http://localhost/',
        'https:app.example.com',
        'https:/app.example.com',
        'https:///app.example.com',
        'https:\\\\app.example.com',
        'https://app.example.com\\@evil.example.com/',
        'https://app.example.com/\tcallback',
        'https://app.example.com/ callback',
        'java\nscript:alert(1)',
        'https://bücher.example/callback',
      ],
    ],
    ['with more than 255 characters', [`https://app.example.com/${'a'.repeat(232)}`]],
  ])('%s may not be registered', (_, addresses) => {
    expect(addresses.filter((address) => redirectFlaw(address) === null)).toEqual([]);
  });

  it('a redirect address with 255 characters may be registered', () => {
    expect(redirectFlaw(`https://app.example.com/${'a'.repeat(231)}`)).toBeNull();
  });
});

describe('the address of a request', () => {
  const REGISTERED = [
    'https://app.example.com/callback',
    'http://127.0.0.1:8080/callback',
    'com.example.app:/cb',
  ];

  it.each([
    ...REGISTERED,
    'http://127.0.0.1/callback',
    'http://127.0.0.1:49152/callback', // RFC 8252, section 7.3
  ])('is one of those registered: %s', (address) => {
    expect(isAllowed(REGISTERED, address)).toBe(true);
  });

  it.each([
    'https://app.example.com/callback/',
    'https://app.example.com/callback?a=b',
    'https://app.example.com/Callback',
    'https://APP.example.com/callback',
    'https://app.example.com:443/callback',
    'https://app.example.com:8443/callback',
    'https://app.example.com/callback/../callback',
    'https://app.example.com/%63allback',
    'http://localhost:8080/callback',
    'http://[::1]:8080/callback',
    'http://127.0.0.1:8080/other',
    'http://127.0.0.1:8080@evil.example.com/callback',
    'http://127.0.0.1:99999/callback',
    'com.example.app:/CB',
    '',
  ])('is not one of those registered: %s', (address) => {
    expect(isAllowed(REGISTERED, address)).toBe(false);
  });

  it('is compared with all of the text, also where an address was registered before a rule', () => {
    expect(isAllowed(['javascript:alert(1)'], 'javascript:alert(1)')).toBe(false);
  });
});
