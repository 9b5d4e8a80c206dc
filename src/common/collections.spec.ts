import { describe, expect, it } from '@jest/globals';
import { getOrThrow, zip } from './collections.js';

describe('getOrThrow', () => {
  it('returns the value of a key, and throws for a missing one', () => {
    const map = new Map([['a', 0]]);

    expect(getOrThrow(map, 'a')).toBe(0);
    expect(() => getOrThrow(map, 'b')).toThrow(RangeError);
  });
});

describe('zip', () => {
  it('pairs two lists in order', () => {
    expect(zip(['a', 'b'], [1, 2])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect(zip([], [])).toEqual([]);
  });

  it('throws for lists of different lengths', () => {
    expect(() => zip(['a', 'b'], [1])).toThrow(RangeError);
    expect(() => zip(['a'], [1, 2])).toThrow(RangeError);
  });
});
