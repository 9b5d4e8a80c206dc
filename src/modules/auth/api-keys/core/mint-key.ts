import { secretDigest } from '../../../../common/secrets/secret-digest.js';
import { newApiKey, shortKey } from './key-format.js';
import type { ApiKey } from './api-key.entity.js';

/** The stored fields of a new key, and the secret that is returned to its creator once. */
export type MintedKey = {
  readonly secret: string;
  readonly stored: Pick<ApiKey, 'kind' | 'digest' | 'shortKey'>;
};

export function mintKey(salt: string, kind: ApiKey['kind']): MintedKey {
  const secret = newApiKey(kind);
  return { secret, stored: { kind, digest: secretDigest(salt, secret), shortKey: shortKey(secret) } };
}
