import { describe, expect, it } from '@jest/globals';
import { InvalidExpiry } from './errors.js';
import { keyExpiry } from './key-expiry.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);

describe('keyExpiry', () => {
  it('returns null without a requested expiry and without limits', () => {
    expect(keyExpiry(null, { days: [null, null], callerKey: null }, NOW)).toBeNull();
  });

  it('returns the requested expiry without limits', () => {
    expect(keyExpiry(inDays(9000), { days: [null, null], callerKey: null }, NOW)).toEqual(inDays(9000));
  });

  it('returns the strictest limit without a requested expiry', () => {
    expect(keyExpiry(null, { days: [90, 30], callerKey: null }, NOW)).toEqual(inDays(30));
  });

  it('returns null with a limit of millions of years', () => {
    expect(keyExpiry(null, { days: [2_147_483_647], callerKey: null }, NOW)).toBeNull();
  });

  it('accepts an expiry exactly at the limit', () => {
    expect(keyExpiry(inDays(30), { days: [null, 30], callerKey: null }, NOW)).toEqual(inDays(30));
  });

  it.each([
    ['later than the strictest limit', inDays(31), [90, 30]],
    ['now', NOW, [null]],
    ['in the past', inDays(-1), [null]],
  ])('refuses an expiry that is %s', (_, requested, limits) => {
    expect(() => keyExpiry(requested, { days: limits, callerKey: null }, NOW)).toThrow(InvalidExpiry);
  });

  it('limits the expiry to the limits of the calling key and of the organization', () => {
    expect(keyExpiry(null, { days: [null], callerKey: inDays(5) }, NOW)).toEqual(inDays(5));
    expect(keyExpiry(null, { days: [9], callerKey: inDays(5) }, NOW)).toEqual(inDays(5));
    expect(keyExpiry(null, { days: [3], callerKey: inDays(5) }, NOW)).toEqual(inDays(3));
    expect(keyExpiry(inDays(5), { days: [9], callerKey: inDays(5) }, NOW)).toEqual(inDays(5));
  });

  it('refuses an expiry later than that of the caller key', () => {
    const limits = { days: [9], callerKey: inDays(5) };
    expect(() => keyExpiry(inDays(6), limits, NOW)).toThrow(InvalidExpiry);
  });
});
