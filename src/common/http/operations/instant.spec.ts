import { describe, expect, it } from '@jest/globals';
import { inUtc, isInstant, toInstant } from './instant.js';

describe('an instant', () => {
  it.each([
    ['2030-01-31T12:00:00Z', '2030-01-31T12:00:00.000Z'],
    ['2030-01-31T12:00', '2030-01-31T12:00:00.000Z'],
    ['2030-01-31T12:00:00.1234567z', '2030-01-31T12:00:00.123Z'],
    ['2030-01-31T12:00:00+05', '2030-01-31T07:00:00.000Z'],
    ['2030-01-31T12:00:00-0530', '2030-01-31T17:30:00.000Z'],
    ['2030-01-31T12:00:00+05:30', '2030-01-31T06:30:00.000Z'],
  ])('the text %s is read as %s', (text, instant) => {
    expect(isInstant(text)).toBe(true);
    expect(toInstant(text).toISOString()).toBe(instant);
  });

  it.each([
    ['a day', '2030-01-31'],
    ['a day that no month has', '2030-02-30T12:00:00Z'],
    ['a week', '2030-W05-1T12:00:00Z'],
    ['a day of the year', '2030-032T12:00:00Z'],
    ['a year of five digits in UTC', '9999-12-31T23:59:59-14:00'],
    ['a year before 0000 in UTC', '0000-01-01T00:00:00+14:00'],
    ['a text without separators', '20300131T120000Z'],
    ['a word', 'tomorrow'],
    ['a number', 1_893_456_000],
    ['a list', ['2030-01-31T12:00:00Z']],
  ])('refuses %s as an instant', (_, value) => {
    expect(isInstant(value)).toBe(false);
  });
});

describe('inUtc', () => {
  it.each([
    ['2026-11-27T14:01:03.392999+00:00', '2026-11-27T14:01:03.392Z'],
    ['2026-11-27T14:01:03.392+00:00', '2026-11-27T14:01:03.392Z'],
    ['2026-11-27T14:01:03.3+00:00', '2026-11-27T14:01:03.300Z'],
    ['2026-11-27T14:01:03+00:00', '2026-11-27T14:01:03.000Z'],
    ['2026-11-27T14:01:03.392999+02:00', '2026-11-27T12:01:03.392Z'],
  ])('writes the time %s of PostgreSQL as %s', (time, written) => {
    expect(inUtc(time)).toBe(written);
    expect(inUtc(time)).toBe(new Date(time).toISOString());
  });
});
