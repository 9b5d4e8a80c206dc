import { isISO8601 } from 'class-validator';

const TIME = /T\d\d:\d\d/;
const ZONE = /(z|[+-]\d\d:?(\d\d)?)$/i;
const ZONE_OF_WHOLE_HOURS = /[+-]\d\d$/;

/** A time in UTC with a year of four digits, and a fraction of at least three digits. */
const UTC_WITH_MILLISECONDS = /^\d{4}-.{14}\.\d{3,}\+00:00$/;
const LENGTH = '2026-11-27T14:01:03.392'.length;

/**
 * The time in PostgreSQL's JSON as `toISOString` writes it. Most times need no `Date`, which takes longer than the rest of a
 * login method.
 */
export const inUtc = (time: string): string =>
  UTC_WITH_MILLISECONDS.test(time) ? `${time.slice(0, LENGTH)}Z` : new Date(time).toISOString();

/** Without a zone it is UTC, as in the original API; JavaScript would use the local time zone. */
export const toInstant = (text: string): Date =>
  new Date(ZONE.test(text) ? text.replace(ZONE_OF_WHOLE_HOURS, '$&:00') : `${text}Z`);

/**
 * ISO 8601 with a calendar date and a time; no week or ordinal dates. In UTC the year must have four digits, as
 * responses write it (RFC 3339, section 1).
 */
export const isInstant = (text: unknown): boolean =>
  typeof text === 'string' &&
  TIME.test(text) &&
  isISO8601(text, { strict: true }) &&
  hasFourDigits(toInstant(text).getUTCFullYear());

const hasFourDigits = (year: number) => year >= 0 && year <= 9999; // false for NaN
