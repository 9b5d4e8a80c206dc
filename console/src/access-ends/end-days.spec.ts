import { expect, it } from '@jest/globals';
import { endAt, endOf, fieldsOf } from './end-days';

const local = (iso: string) => {
  const { day, time } = fieldsOf(iso);
  return `${day} ${time}`;
};

it.each([
  ['friday', '2026-12-03T15:00', '2026-12-04 23:59'],
  ['friday', '2026-12-04T11:59', '2026-12-04 23:59'],
  ['friday', '2026-12-04T12:00', '2026-12-11 23:59'],
  ['friday', '2026-12-05T00:00', '2026-12-11 23:59'],
  ['week', '2026-12-28T15:00', '2027-01-04 23:59'],
  ['month', '2026-12-03T15:00', '2027-01-03 23:59'],
  ['month', '2027-01-31T15:00', '2027-02-28 23:59'],
] as const)('ends %s at the end of the day when it is chosen at %s', (preset, now, expected) => {
  expect(local(endOf(preset, new Date(now)))).toBe(expected);
});

it('refuses a day that has passed or is not complete, and takes the whole last minute', () => {
  const now = new Date('2026-12-03T15:00');

  expect(endAt('2026-12-03', '14:59', now)).toBeUndefined();
  expect(endAt('', '23:59', now)).toBeUndefined();
  expect(endAt('2026-12-04', '', now)).toBeUndefined();
  expect(endAt('2026-12-03', '23:59', now)).toBe(new Date('2026-12-03T23:59:59').toISOString());
  expect(endAt('2026-12-04', '08:30', now)).toBe(new Date('2026-12-04T08:30').toISOString());
});
