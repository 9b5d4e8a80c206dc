import type { JWK, JWSHeaderParameters } from 'jose';

/** Asymmetric algorithms only: `none` and HMAC do not prove that the provider signed the token. */
const ASYMMETRIC = {
  RS256: ['RSA'],
  RS384: ['RSA'],
  RS512: ['RSA'],
  PS256: ['RSA'],
  PS384: ['RSA'],
  PS512: ['RSA'],
  ES256: ['EC', 'P-256'],
  ES384: ['EC', 'P-384'],
  ES512: ['EC', 'P-521'],
  EdDSA: ['OKP', 'Ed25519'],
  Ed25519: ['OKP', 'Ed25519'],
} as const;

type Algorithm = keyof typeof ASYMMETRIC;

/**
 * The supported ones of the announced algorithms. Default: RS256, which every provider must support (OpenID Connect
 * Core 1.0, section 15.1).
 */
export function acceptedAlgorithms(announced: readonly string[] = ['RS256']): Algorithm[] {
  return announced.filter((name): name is Algorithm => Object.hasOwn(ASYMMETRIC, name));
}

/**
 * Finds the key that signed a token by its `kid`. Without a `kid` the set must have exactly one key of that type;
 * otherwise the result is 'ambiguous' (docs/contract/sign-in.md#strict-login).
 */
export function chooseKey(
  keys: readonly JWK[],
  { alg, kid }: JWSHeaderParameters,
): JWK | 'unknown' | 'ambiguous' {
  const ofKind = keys.filter((key) => fits(key, alg as Algorithm));
  const meant = kid === undefined ? ofKind : ofKind.filter((key) => key.kid === kid);
  if (meant.length > 1) return 'ambiguous';
  return meant[0] ?? 'unknown';
}

function fits(key: JWK, algorithm: Algorithm): boolean {
  const [kty, crv] = ASYMMETRIC[algorithm] as readonly [string, string?];
  const isForThis = key.alg === undefined || key.alg === algorithm;
  return (
    key.kty === kty && (crv === undefined || key.crv === crv) && isForThis && (key.use ?? 'sig') === 'sig'
  );
}
