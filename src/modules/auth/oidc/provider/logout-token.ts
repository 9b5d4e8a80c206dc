import { InvalidLogoutToken } from './provider.errors.js';
import { audienceFlaw, type ExpectedClaims, isSubject, timeFlaw } from './id-token.js';
import type { Claims } from './signed-token.js';

const MAX_AGE_SECONDS = 120; // of a token without `exp`
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';

export type LogoutToken = {
  readonly issuer: string;
  /** At least one of `subject` and `sid` is set. */
  readonly subject: string | null;
  readonly sid: string | null;
  readonly jti: string;
  readonly expiresAt: Date;
};

/**
 * Validates the claims of a logout token whose signature was verified (OpenID Connect Back-Channel Logout 1.0, section
 * 2.6).
 */
export function checkLogoutToken(
  claims: Claims,
  expected: Pick<ExpectedClaims, 'issuer' | 'clientId' | 'now'>,
): LogoutToken {
  const { sub, sid, jti, events } = claims;
  const timed = withExpiry(claims);
  const flaw = audienceFlaw(claims, expected) ?? timeFlaw(timed, expected.now) ?? logoutFlaw(claims);
  if (flaw) throw new InvalidLogoutToken(flaw);
  if (!isLogoutEvent(events)) throw new InvalidLogoutToken('events');
  return {
    issuer: expected.issuer,
    subject: (sub as string | undefined) ?? null,
    sid: (sid as string | undefined) ?? null,
    jti: jti as string,
    expiresAt: new Date((timed['exp'] as number) * 1000),
  };
}

/** A token without `exp`, as providers of earlier drafts send, is valid for two minutes after `iat`. */
function withExpiry(claims: Claims): Claims {
  const { exp, iat } = claims;
  return exp === undefined && typeof iat === 'number' ? { ...claims, exp: iat + MAX_AGE_SECONDS } : claims;
}

/** A nonce is forbidden, so that an ID token is not accepted as a logout token. */
function logoutFlaw({ sub, sid, jti, nonce }: Claims): string | null {
  const names = [sub, sid].filter((name) => name !== undefined);
  if (nonce !== undefined) return 'nonce';
  if (names.length === 0 || !names.every(isSubject)) return 'subject';
  return isSubject(jti) ? null : 'jti';
}

function isLogoutEvent(events: unknown): boolean {
  if (typeof events !== 'object' || events === null) return false;
  const event = (events as Claims)[LOGOUT_EVENT];
  return typeof event === 'object' && event !== null;
}
