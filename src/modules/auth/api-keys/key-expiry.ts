import { ExpiryRefused } from './api-keys.errors.js';

/** Weeks and days of the year are ISO 8601 too, and fit no calendar that we keep. */
const NO_INSTANT = 'must be an instant with a calendar date, such as 2030-01-31T12:00:00Z';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Beyond it dates run out of digits; a limit as long as this is none. */
const LONGEST_LIMIT_DAYS = 1_000_000;

/**
 * When a new key expires; null = never. Under limits (in days; null = none) the strictest counts: without a wish the
 * key gets it, and a wish for more is refused (decision 20).
 */
export function keyExpiry(
  wanted: Date | null,
  limitsDays: readonly (number | null)[],
  now: Date,
): Date | null {
  const limits = limitsDays.filter((days): days is number => days !== null && days < LONGEST_LIMIT_DAYS);
  const latest = limits.length > 0 ? new Date(now.getTime() + Math.min(...limits) * DAY_MS) : null;
  if (wanted === null) return latest;
  if (Number.isNaN(wanted.getTime())) throw new ExpiryRefused(NO_INSTANT);
  if (wanted <= now) throw new ExpiryRefused('must be an instant in the future');
  if (latest && wanted > latest)
    throw new ExpiryRefused(`must not be after ${latest.toISOString()}, the limit here`);
  return wanted;
}
