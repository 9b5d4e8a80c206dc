import { createHash } from 'node:crypto';
import { isStorable } from '../../../../common/http/value-checks.js';
import { InvalidIdToken, type TokenFlaw } from '../provider.errors.js';
import type { Claims, SignedToken } from './signed-token.js';

const CLOCK_SKEW_SECONDS = 60; // seconds that two clocks may differ
const MAX_AGE_SECONDS = 86_400; // seconds; a token comes fresh from the provider, whatever clock it has
const MAX_SUBJECT_LENGTH = 255; // characters (OpenID Connect Core 1.0, section 2)

export type ExpectedClaims = {
  issuer: string;
  clientId: string;
  /** Null: no browser is waiting, as with a refreshed token. */
  nonce: string | null;
  accessToken: string | null;
  now: Date;
};

export type IdTokenClaims = Claims & { readonly iss: string; readonly sub: string; readonly exp: number };

/**
 * The claims of an ID token whose signature holds, when it is of this issuer, for us, of now and of this login
 * (OpenID Connect Core 1.0, section 3.1.3.7).
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
  if (flaw) throw new InvalidIdToken(flaw);
  return claims as IdTokenClaims;
}

/** For whom it was made, and by whom; logout tokens ask the same. */
export function audienceFlaw(
  claims: Claims,
  { issuer, clientId }: Pick<ExpectedClaims, 'issuer' | 'clientId'>,
): TokenFlaw | null {
  const { iss, aud, azp } = claims;
  const audiences = Array.isArray(aud) ? aud : [aud];
  if (iss !== issuer) return 'issuer';
  if (!audiences.includes(clientId)) return 'audience';
  if (azp !== undefined && azp !== clientId) return 'authorized_party';
  return audiences.length > 1 && azp === undefined ? 'authorized_party' : null; // contract decision 39
}

/** A claim that is missing is not taken for one that holds. */
export function timeFlaw({ exp, iat, nbf }: Claims, now: Date): TokenFlaw | null {
  const seconds = now.getTime() / 1000;
  if (!isInstant(exp) || exp <= seconds) return 'expired';
  if (!isInstant(iat) || iat > seconds + CLOCK_SKEW_SECONDS || iat < seconds - MAX_AGE_SECONDS || iat > exp)
    return 'issued_at';
  if (nbf !== undefined && !(isInstant(nbf) && nbf <= seconds + CLOCK_SKEW_SECONDS)) return 'issued_at';
  return null;
}

/** Storable, so that no two are the same in UTF-8. */
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

/** Section 3.1.3.6: the left half of the digest that goes with the signature. */
export function accessTokenHash(algorithm: string, accessToken: string): string {
  const bits = /(256|384|512)$/.exec(algorithm)?.[1] ?? '512'; // Ed25519 hashes with SHA-512
  const digest = createHash(`sha${bits}`).update(accessToken, 'ascii').digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}

const isInstant = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
