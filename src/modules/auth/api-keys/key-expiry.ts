import { ExpiryRefused } from './api-keys.errors.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Beyond it dates run out of digits; a limit as long as this is none. */
const LONGEST_LIMIT_DAYS = 1_000_000;

/**
 * When a new key expires; null = never. Under limits (in days; null = none) the strictest counts: without a wish the
 * key gets it, and a wish for more is refused (contract decision 20).
 */
export function keyExpiry(
  wanted: Date | null,
  limitsDays: readonly (number | null)[],
  now: Date,
): Date | null {
  const limits = limitsDays.filter((days): days is number => days !== null && days < LONGEST_LIMIT_DAYS);
  const latest = limits.length > 0 ? new Date(now.getTime() + Math.min(...limits) * DAY_MS) : null;
  if (wanted === null) return latest;
  if (wanted <= now) throw new ExpiryRefused('must be an instant in the future');
  if (latest && wanted > latest)
    throw new ExpiryRefused(`must not be after ${latest.toISOString()}, the limit here`);
  return wanted;
}
