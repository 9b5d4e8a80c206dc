import { describe, expect, it } from '@jest/globals';
import { cookieValue } from './cookies.js';

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
