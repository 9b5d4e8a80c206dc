import { isISO8601 } from 'class-validator';

const TIME = /T\d\d:\d\d/;
const ZONE = /(z|[+-]\d\d:?(\d\d)?)$/i;
const ZONE_OF_WHOLE_HOURS = /[+-]\d\d$/;

/** Without a zone it is UTC, as for the original; JavaScript would take the machine's own. */
export const toInstant = (text: string): Date =>
  new Date(ZONE.test(text) ? text.replace(ZONE_OF_WHOLE_HOURS, '$&:00') : `${text}Z`);

/**
 * ISO 8601 with a time and a calendar date: weeks and days of the year fit no calendar that we keep. In UTC its year has
 * four digits still, for it is answered so (RFC 3339, section 1).
 */
export const isInstant = (text: unknown): boolean =>
  typeof text === 'string' &&
  TIME.test(text) &&
  isISO8601(text, { strict: true }) &&
  hasFourDigits(toInstant(text).getUTCFullYear());

const hasFourDigits = (year: number) => year >= 0 && year <= 9999; // nor is it NaN
