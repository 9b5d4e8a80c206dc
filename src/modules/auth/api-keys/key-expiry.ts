import { InvalidExpiry } from './api-keys.errors.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Beyond it dates run out of digits; a limit as long as this is none. */
const MAX_LIMIT_DAYS = 1_000_000;

/** `days`: of the organization; `callerKey`: when the key expires that makes the new one. Null = no limit. */
export type ExpiryLimits = { readonly days: readonly (number | null)[]; readonly callerKey: Date | null };

/**
 * When a new key expires; null = never. The strictest limit counts: without a wish the key gets it, and a wish for more is
 * refused (contract decisions 20 and 52).
 * @throws InvalidExpiry
 */
export function keyExpiry(requested: Date | null, limits: ExpiryLimits, now: Date): Date | null {
  const latest = strictest(limits, now);
  if (requested === null) return latest?.at ?? null;
  if (requested <= now) throw new InvalidExpiry('must be an instant in the future');
  if (latest && requested > latest.at)
    throw new InvalidExpiry(`must not be after ${latest.at.toISOString()}, ${latest.why}`);
  return requested;
}

function strictest({ days, callerKey }: ExpiryLimits, now: Date): { at: Date; why: string } | null {
  const limits = days.filter((limit): limit is number => limit !== null && limit < MAX_LIMIT_DAYS);
  const ofOrg = limits.length > 0 ? new Date(now.getTime() + Math.min(...limits) * DAY_MS) : null;
  if (callerKey && !(ofOrg && ofOrg < callerKey))
    return { at: callerKey, why: 'when the key expires that makes this one' };
  return ofOrg && { at: ofOrg, why: 'the limit here' };
}
