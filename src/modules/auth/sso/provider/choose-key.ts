import type { JWK, JWSHeaderParameters } from 'jose';

/** Signatures that only the holder of a private key can make; `none` and HMAC are no such thing. */
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

/** Of what the provider announces; when it announces nothing, the algorithm that every provider has (section 2). */
export function acceptedAlgorithms(announced: readonly string[] = ['RS256']): Algorithm[] {
  return announced.filter((name): name is Algorithm => Object.hasOwn(ASYMMETRIC, name));
}

/**
 * The key that a token says it is signed with. A token that names none can mean only one key: of several of its kind,
 * none is guessed at (contract decision 39).
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
