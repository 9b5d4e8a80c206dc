import { InvalidExpiry } from './errors.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A limit of this length or more is none: later dates cannot be represented. */
const MAX_LIMIT_DAYS = 1_000_000;

/** `days`: limits of the organization; `callerKey`: the end of the key or role that creates the new one. Null = no limit. */
export type ExpiryLimits = { readonly days: readonly (number | null)[]; readonly callerKey: Date | null };

/**
 * Returns the expiry of a new key; null = never. Without a requested expiry the strictest limit applies; a request
 * beyond it is refused (docs/contract/keys.md#expiry-limits).
 *
 * @throws InvalidExpiry
 */
export function keyExpiry(requested: Date | null, limits: ExpiryLimits, now: Date): Date | null {
  const latest = strictest(limits, now);
  if (requested === null) return latest?.at ?? null;
  if (requested <= now) throw new InvalidExpiry('must be in the future');
  if (latest && requested > latest.at)
    throw new InvalidExpiry(`must not be after ${latest.at.toISOString()}, ${latest.why}`);
  return requested;
}

function strictest({ days, callerKey }: ExpiryLimits, now: Date): { at: Date; why: string } | null {
  const limits = days.filter((limit): limit is number => limit !== null && limit < MAX_LIMIT_DAYS);
  const ofOrg = limits.length > 0 ? new Date(now.getTime() + Math.min(...limits) * DAY_MS) : null;
  if (callerKey && !(ofOrg && ofOrg < callerKey))
    return { at: callerKey, why: 'the end of the key or role with which it is created' };
  return ofOrg && { at: ofOrg, why: 'the limit of the organization' };
}

/** @param end of the key or role with which it is rotated or changed; null: never */
export const isOutlivedBy = (end: Date | null, { expiresAt }: { expiresAt: Date | null }): boolean =>
  end !== null && (expiresAt === null || expiresAt > end);
