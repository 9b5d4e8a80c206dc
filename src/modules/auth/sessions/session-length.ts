/** What the provider gave: until when its ID token is good, and whether it can be asked again. */
export type Confirmation = { readonly idTokenExpiresAt: Date; readonly hasRefreshToken: boolean };

export type LengthLimits = { readonly sessionMaxSeconds: number; readonly overrideTokenExpiry: boolean };

export type SessionLength = {
  /** The provider's word holds until here; after it a refresh comes first. */
  readonly confirmedUntil: Date;
  /** Null: nothing is asked of the provider any more. */
  readonly refreshDueAt: Date | null;
  /** The end in any case. */
  readonly expiresAt: Date;
};

/** Before the end of a confirmation, so that a working person never waits for a dead session to be revived. */
const MAX_LEAD_SECONDS = 60;
const LEAD_SHARE = 0.1;

/**
 * How long a session that began at `startedAt` lasts with what the provider said at `now` (semantics, section 6): as
 * long as the ID token; the whole maximum when the operator overrides that; with a refresh token up to the maximum,
 * confirmed by the provider each time an ID token runs out. The maximum counts from the login, never from a refresh.
 */
export function sessionLength(
  { idTokenExpiresAt, hasRefreshToken }: Confirmation,
  { startedAt, now }: { startedAt: Date; now: Date },
  { sessionMaxSeconds, overrideTokenExpiry }: LengthLimits,
): SessionLength {
  const end = addSeconds(startedAt, sessionMaxSeconds);
  if (overrideTokenExpiry || idTokenExpiresAt >= end) {
    return { confirmedUntil: end, refreshDueAt: null, expiresAt: end };
  }
  if (!hasRefreshToken) {
    return { confirmedUntil: idTokenExpiresAt, refreshDueAt: null, expiresAt: idTokenExpiresAt };
  }
  const seconds = (idTokenExpiresAt.getTime() - now.getTime()) / 1000;
  const lead = Math.min(MAX_LEAD_SECONDS, Math.max(0, seconds) * LEAD_SHARE);
  return {
    confirmedUntil: idTokenExpiresAt,
    refreshDueAt: addSeconds(idTokenExpiresAt, -lead),
    expiresAt: end,
  };
}

const addSeconds = (time: Date, seconds: number) => new Date(time.getTime() + seconds * 1000);
