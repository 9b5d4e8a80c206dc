import { describe, expect, it } from '@jest/globals';
import { deviceOf } from './own-session.mapper.js';

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';

describe('deviceOf', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0', 'Firefox', 'Linux'],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/140.0.0.0 Safari/537.36`,
      'Chrome',
      'Windows',
    ],
    [`Mozilla/5.0 (Windows NT 10.0) ${WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0`, 'Edge', 'Windows'],
    [
      `Mozilla/5.0 (Linux; Android 15; Pixel 9) ${WEBKIT} Chrome/140.0 Mobile Safari/537.36`,
      'Chrome',
      'Android',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
      'Safari',
      'macOS',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1',
      'Safari',
      'iPhone',
    ],
    [`Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} HeadlessChrome/140.0 Safari/537.36`, 'Chrome', 'Linux'],
    ['Opera/9.80 (Windows NT 6.1) Presto/2.12 Version/12.16', 'Opera', 'Windows'],
    [`Mozilla/5.0 ${WEBKIT} Safari/537.36`, null, null],
    ['curl/8.5.0', 'curl', null],
    ['python-requests/2.32', 'python-requests', null],
    ['Mozilla/5.0', null, null],
    ['<script>', null, null],
    ['', null, null],
    [null, null, null],
  ])('names the device of %s', (userAgent, browser, platform) => {
    expect(deviceOf(userAgent)).toEqual({ browser, platform });
  });

  it('shortens the name of an unknown client', () => {
    expect(deviceOf('x'.repeat(500)).browser).toHaveLength(40);
  });
});
