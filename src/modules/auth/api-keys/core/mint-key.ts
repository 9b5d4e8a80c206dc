import { newApiKey, shortKey } from '../../../../common/secrets/api-key-format.js';
import { secretDigest } from '../../../../common/secrets/secret-digest.js';
import type { ApiKey } from './api-key.entity.js';

/** The stored fields of a new key, and the secret that is returned to its creator once. */
export type MintedKey = {
  readonly secret: string;
  readonly stored: Pick<ApiKey, 'kind' | 'digest' | 'shortKey'>;
};

export const mintKey = (salt: string, kind: ApiKey['kind']): MintedKey => keyOf(salt, kind, newApiKey(kind));

/** A key whose secret somebody else has generated. */
export function keyOf(salt: string, kind: ApiKey['kind'], secret: string): MintedKey {
  return { secret, stored: { kind, digest: secretDigest(salt, secret), shortKey: shortKey(secret) } };
}
