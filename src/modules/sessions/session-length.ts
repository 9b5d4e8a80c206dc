/** What the provider confirmed: the expiry of its ID token, and whether a refresh token came with it. */
export type Confirmation = { readonly idTokenExpiresAt: Date; readonly hasRefreshToken: boolean };

export type LengthLimits = { readonly sessionMaxSeconds: number; readonly overrideTokenExpiry: boolean };

export type SessionLength = {
  /** Valid without a renewal until this time. */
  readonly confirmedUntil: Date;
  /** Null if the session is never renewed. */
  readonly refreshDueAt: Date | null;
  /** The absolute end; no renewal extends it. */
  readonly expiresAt: Date;
};

/** Renewal starts this early, so that an active user does not wait for the renewal of an expired confirmation. */
const MAX_LEAD_SECONDS = 60;
const LEAD_SHARE = 0.1;

/**
 * The length of a session that started at `startedAt`, after the provider's response at `now`: until the ID token
 * expires; up to the maximum with a refresh token, or if OAUTH_OVERRIDE_TOKEN_EXPIRY is set. The maximum counts from
 * the login (docs/contract/sign-in.md#session-length).
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
