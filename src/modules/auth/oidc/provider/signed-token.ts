import { compactVerify, type CryptoKey, decodeProtectedHeader, errors, type JWSHeaderParameters } from 'jose';
import { isJsonObject } from '../../../../common/json-object.js';
import { InvalidIdToken } from './provider.errors.js';

export type Claims = Readonly<Record<string, unknown>>;
export type SignedToken = { readonly algorithm: string; readonly claims: Claims };

const LONGEST_TOKEN = 16_384; // characters; a token with an RSA signature has about 1,000

type VerifyOptions = {
  algorithms: readonly string[];
  keyFor: (header: JWSHeaderParameters) => Promise<CryptoKey>;
};

/** Verifies the signature of a provider's token and returns its claims, which the caller must validate. */
export async function verifySigned(
  token: string,
  { algorithms, keyFor }: VerifyOptions,
): Promise<SignedToken> {
  const header = headerOf(token);
  if (!header.alg || !algorithms.includes(header.alg)) throw new InvalidIdToken('algorithm'); // RFC 8725, section 3.1
  const key = await keyFor(header);
  try {
    const { payload } = await compactVerify(token, key, { algorithms: [header.alg] });
    return { algorithm: header.alg, claims: claimsIn(payload) };
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) throw new InvalidIdToken('signature');
    // a `crit` header that is not understood, an RSA key that is too short
    if (error instanceof errors.JOSEError || error instanceof TypeError)
      throw new InvalidIdToken('malformed');
    throw error;
  }
}

/**
 * The claims of a token whose signature was not verified, for checks that come before the signature.
 *
 * @throws InvalidIdToken if the token is too long or has no claims
 */
export function unverifiedClaims(token: string): Claims {
  const [, payload] = token.length > LONGEST_TOKEN ? [] : token.split('.', 2);
  if (!payload) throw new InvalidIdToken('malformed');
  return claimsIn(Buffer.from(payload, 'base64url'));
}

function headerOf(token: string): JWSHeaderParameters {
  try {
    const { alg, kid } = decodeProtectedHeader(token);
    if (kid === undefined) return { alg };
    if (typeof kid === 'string') return { alg, kid };
  } catch (error) {
    if (!(error instanceof errors.JOSEError || error instanceof TypeError)) throw error;
  }
  throw new InvalidIdToken('malformed');
}

function claimsIn(payload: Uint8Array): Claims {
  try {
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    if (isJsonObject(claims)) return claims;
  } catch {
    // reported below; the parser's message would quote the token
  }
  throw new InvalidIdToken('malformed');
}
