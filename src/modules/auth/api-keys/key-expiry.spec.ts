import { describe, expect, it } from '@jest/globals';
import { InvalidExpiry } from './api-keys.errors.js';
import { keyExpiry } from './key-expiry.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);

describe('when a new key expires', () => {
  it('is never, when nobody asks for anything', () => {
    expect(keyExpiry(null, { days: [null, null], callerKey: null }, NOW)).toBeNull();
  });

  it('is what was asked for, when nothing limits it', () => {
    expect(keyExpiry(inDays(9000), { days: [null, null], callerKey: null }, NOW)).toEqual(inDays(9000));
  });

  it('is the strictest limit, when nothing was asked for', () => {
    expect(keyExpiry(null, { days: [90, 30], callerKey: null }, NOW)).toEqual(inDays(30));
  });

  it('is never, under a limit of millions of years', () => {
    expect(keyExpiry(null, { days: [2_147_483_647], callerKey: null }, NOW)).toBeNull();
  });

  it('may be exactly the limit', () => {
    expect(keyExpiry(inDays(30), { days: [null, 30], callerKey: null }, NOW)).toEqual(inDays(30));
  });

  it.each([
    ['later than the strictest limit', inDays(31), [90, 30]],
    ['now', NOW, [null]],
    ['in the past', inDays(-1), [null]],
  ])('is refused when it is %s', (_, wanted, limits) => {
    expect(() => keyExpiry(wanted, { days: limits, callerKey: null }, NOW)).toThrow(InvalidExpiry);
  });

  it('is when the key expires that makes it, unless a limit of the organization is stricter', () => {
    expect(keyExpiry(null, { days: [null], callerKey: inDays(5) }, NOW)).toEqual(inDays(5));
    expect(keyExpiry(null, { days: [9], callerKey: inDays(5) }, NOW)).toEqual(inDays(5));
    expect(keyExpiry(null, { days: [3], callerKey: inDays(5) }, NOW)).toEqual(inDays(3));
    expect(keyExpiry(inDays(5), { days: [9], callerKey: inDays(5) }, NOW)).toEqual(inDays(5));
  });

  it('is refused when it is later than the key that makes it', () => {
    const limits = { days: [9], callerKey: inDays(5) };
    expect(() => keyExpiry(inDays(6), limits, NOW)).toThrow(InvalidExpiry);
  });
});
