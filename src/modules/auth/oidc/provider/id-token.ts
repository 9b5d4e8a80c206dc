import { createHash } from 'node:crypto';
import { isStorable } from '../../../../common/http/value-checks.js';
import { InvalidIdToken, type TokenFlaw, printable } from './provider.errors.js';
import type { Claims, SignedToken } from './key-set.js';

export const CLOCK_SKEW_SECONDS = 60; // tolerated difference between two clocks
const MAX_AGE_SECONDS = 86_400; // wide, to tolerate providers with a wrong clock
const MAX_SUBJECT_LENGTH = 255; // characters (OpenID Connect Core 1.0, section 2)

export type ExpectedClaims = {
  issuer: string;
  clientId: string;
  /** Null if no nonce is expected, as with a refreshed token. */
  nonce: string | null;
  accessToken: string | null;
  now: Date;
};

export type IdTokenClaims = Claims & { readonly iss: string; readonly sub: string; readonly exp: number };

/**
 * Validates the claims of an ID token whose signature was verified (OpenID Connect Core 1.0, section 3.1.3.7).
 *
 * @throws InvalidIdToken with the first flaw
 */
export function checkIdToken(token: SignedToken, expected: ExpectedClaims): IdTokenClaims {
  const { claims } = token;
  const flaw =
    audienceFlaw(claims, expected) ??
    timeFlaw(claims, expected.now) ??
    loginFlaw(token, expected) ??
    (isSubject(claims['sub']) ? null : 'subject');
  if (flaw) throw new InvalidIdToken(flaw, flaw === 'issuer' ? printable(claims['iss']) : null);
  return claims as IdTokenClaims;
}

/** Checks issuer, audience and authorized party of ID tokens and logout tokens. */
export function audienceFlaw(
  claims: Claims,
  { issuer, clientId }: Pick<ExpectedClaims, 'issuer' | 'clientId'>,
): TokenFlaw | null {
  const { iss, aud, azp } = claims;
  const audiences = Array.isArray(aud) ? aud : [aud];
  if (iss !== issuer) return 'issuer';
  if (!audiences.includes(clientId)) return 'audience';
  if (azp !== undefined && azp !== clientId) return 'authorized_party';
  return audiences.length > 1 && azp === undefined ? 'authorized_party' : null; // docs/contract/sign-in.md#strict-login
}

/** A missing `exp` or `iat` is a flaw. */
export function timeFlaw({ exp, iat, nbf }: Claims, now: Date): TokenFlaw | null {
  const seconds = now.getTime() / 1000;
  if (!isInstant(exp) || exp <= seconds) return 'expired';
  if (!isInstant(iat) || iat > seconds + CLOCK_SKEW_SECONDS || iat < seconds - MAX_AGE_SECONDS || iat > exp)
    return 'issued_at';
  if (nbf !== undefined && !(isInstant(nbf) && nbf <= seconds + CLOCK_SKEW_SECONDS)) return 'issued_at';
  return null;
}

/** Must be storable: PostgreSQL rejects NUL, and lone surrogates would become equal in UTF-8. */
export const isSubject = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= MAX_SUBJECT_LENGTH && isStorable(value);

function loginFlaw(
  { algorithm, claims }: SignedToken,
  { nonce, accessToken }: ExpectedClaims,
): TokenFlaw | null {
  if (nonce !== null && claims['nonce'] !== nonce) return 'nonce';
  const hash = claims['at_hash'];
  if (hash === undefined || accessToken === null) return null;
  return hash === accessTokenHash(algorithm, accessToken) ? null : 'access_token';
}

/** OpenID Connect Core 1.0, section 3.1.3.6: the left half of the digest of the signature algorithm. */
export function accessTokenHash(algorithm: string, accessToken: string): string {
  const bits = /(256|384|512)$/.exec(algorithm)?.[1] ?? '512'; // Ed25519 hashes with SHA-512
  const digest = createHash(`sha${bits}`).update(accessToken, 'ascii').digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}

const isInstant = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
