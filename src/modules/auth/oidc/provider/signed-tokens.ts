import { createHash } from 'node:crypto';
import { aborted } from 'node:util';
import { Logger } from '@nestjs/common';
import { compactVerify, createRemoteJWKSet, customFetch, type RemoteJWKSet } from 'jose';
import { isStorable } from '../../../../common/http/operations/value-checks.js';
import { isJsonObject } from '../../../../common/json.js';
import { rethrowFrom } from './library-errors.mapper.js';
import { type Fetch, type ProviderFetch, REQUEST_TIMEOUT_MS } from './provider-fetch.js';
import { InvalidIdToken, printable, ProviderUnavailable, type TokenFlaw } from './provider.errors.js';
import type { ProviderMetadata } from './trusted-metadata.js';

const KEYS_MAX_AGE_MS = 3_600_000; // a key that the provider withdrew is dropped after this, if the provider responds then
const LOAD_INTERVAL_MS = 30_000;

/** `none` and HMAC do not prove that the provider signed the token. */
const ASYMMETRIC = /^(?:[RP]S(?:256|384|512)|ES(?:256|384|512)|EdDSA|Ed25519)$/;

export type Claims = Readonly<Record<string, unknown>>;
type SignedToken = { readonly algorithm: string; readonly claims: Claims };

/**
 * The keys for one kind of token. An unknown `kid` loads them again, since providers use new keys at once; at most once
 * in 30 s, since anyone can invent one. Unsolicited tokens have a set of their own, so that they do not use up the
 * requests of others; its first load is limited, too.
 */
export class KeySet {
  private readonly log = new Logger(KeySet.name);
  private uri: string | null = null;
  private keys: RemoteJWKSet | null = null;
  private reloadAt = Infinity;
  private readonly limitedLoads = { first: -Infinity, further: -Infinity };

  constructor(
    private readonly fetch: ProviderFetch,
    private readonly options: { readonly isUnsolicited: boolean },
  ) {}

  /** Verifies the signature; the caller validates the claims. @throws InvalidIdToken or ProviderUnavailable */
  async verify(token: string, metadata: ProviderMetadata, signal: AbortSignal): Promise<SignedToken> {
    const algorithms = acceptedAlgorithms(metadata.id_token_signing_alg_values_supported);
    const verified = compactVerify(token, this.keysAt(metadata.jwks_uri), { algorithms });
    // not aborted itself, because other tokens may wait for the same keys
    const late = aborted(signal, verified).then(() => {
      throw new ProviderUnavailable('key set', 'no response', { timedOut: true });
    });
    const { payload, protectedHeader } = await Promise.race([verified, late]).catch(rethrowFrom('key set'));
    return { algorithm: protectedHeader.alg, claims: claimsIn(payload) };
  }

  /** Old keys stay in use while they are loaded again, and while the provider is down. */
  private keysAt(uri: string): RemoteJWKSet {
    if (this.keys === null || this.uri !== uri) {
      this.uri = uri;
      this.keys = createRemoteJWKSet(new URL(uri), {
        cooldownDuration: 0, // `load` has the limit
        cacheMaxAge: Infinity,
        timeoutDuration: REQUEST_TIMEOUT_MS,
        [customFetch]: (url, options) => this.load(url, options),
      });
    } else if (this.reloadAt < performance.now()) {
      this.keys.reload().catch((error: unknown) => {
        if (error instanceof ProviderUnavailable)
          this.log.warn(`the provider's key set is outdated and could not be refetched: ${error.reason}`);
      });
    }
    return this.keys;
  }

  private async load(
    url: string,
    options: Parameters<Fetch>[1] & { signal: AbortSignal },
  ): Promise<Response> {
    const kind = this.keys?.jwks() ? 'further' : 'first';
    if (kind === 'further' || this.options.isUnsolicited) {
      if (performance.now() - this.limitedLoads[kind] < LOAD_INTERVAL_MS)
        throw kind === 'further'
          ? new InvalidIdToken('unknown_key')
          : new ProviderUnavailable('key set', 'the last request was less than 30 s ago');
      this.limitedLoads[kind] = performance.now();
    }
    const response = await this.fetch.for('key set', options.signal)(url, options);
    if (response.ok) this.reloadAt = performance.now() + KEYS_MAX_AGE_MS;
    return response;
  }
}

/** Default: RS256, which every provider must support (OpenID Connect Core 1.0, section 15.1). */
export const acceptedAlgorithms = (announced: readonly string[] = ['RS256']): string[] =>
  announced.filter((name) => ASYMMETRIC.test(name));

function claimsIn(payload: Uint8Array): Claims {
  try {
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    if (isJsonObject(claims)) return claims;
  } catch {
    // reported below; the parser's message would quote the token
  }
  throw new InvalidIdToken('malformed');
}

export const CLOCK_SKEW_SECONDS = 60; // tolerated difference between two clocks
const TOKEN_MAX_AGE_SECONDS = 86_400; // wide, to tolerate providers with a wrong clock
export const LATEST_TIME = 253_402_300_799; // the end of the year 9999
const MAX_SUBJECT_LENGTH = 255; // characters (OpenID Connect Core 1.0, section 2)

export type ExpectedClaims = {
  issuer: string;
  clientId: string;
  /** Null if no nonce is expected, as with a refreshed token. */
  nonce: string | null;
  accessToken: string | null;
  now: Date;
};

export type IdTokenClaims = Claims & {
  readonly iss: string;
  readonly sub: string;
  readonly exp: number;
  readonly session_expiry?: number | null;
};

/** Of a verified token (OpenID Connect Core 1.0, section 3.1.3.7). @throws InvalidIdToken with the first flaw */
export function checkIdToken(token: SignedToken, expected: ExpectedClaims): IdTokenClaims {
  const { claims } = token;
  const flaw =
    audienceFlaw(claims, expected) ??
    timeFlaw(claims, expected.now) ??
    loginFlaw(token, expected) ??
    (isSubject(claims['sub']) ? null : 'subject') ??
    sessionFlaw(claims, expected.now);
  if (flaw) throw new InvalidIdToken(flaw, flaw === 'issuer' ? printable(claims['iss']) : null);
  return claims as IdTokenClaims;
}

/** When the provider ends the session; null if the token does not say. */
export const sessionExpiry = ({ session_expiry: end }: IdTokenClaims): Date | null =>
  isAbsent(end) ? null : new Date(end * 1000);

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
  if (
    !isInstant(iat) ||
    iat > seconds + CLOCK_SKEW_SECONDS ||
    iat < seconds - TOKEN_MAX_AGE_SECONDS ||
    iat > exp
  )
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

/** `session_expiry` of the IPSIE profile for OpenID Connect (docs/ipsie.md): seconds since the Unix epoch. */
function sessionFlaw({ session_expiry: end }: Claims, now: Date): TokenFlaw | null {
  if (isAbsent(end)) return null;
  const isTime = Number.isInteger(end) && (end as number) <= LATEST_TIME;
  return isTime && (end as number) > now.getTime() / 1000 ? null : 'session_expiry';
}

const isAbsent = (claim: unknown): claim is null | undefined => claim === null || claim === undefined;

/** OpenID Connect Core 1.0, section 3.1.3.6: the left half of the digest of the signature algorithm. */
export function accessTokenHash(algorithm: string, accessToken: string): string {
  const bits = /(256|384|512)$/.exec(algorithm)?.[1] ?? '512'; // Ed25519 hashes with SHA-512
  const digest = createHash(`sha${bits}`).update(accessToken, 'ascii').digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}

const isInstant = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
