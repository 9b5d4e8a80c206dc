import { secretDigest } from '../../../common/secrets/secret-digest.js';
import { newApiKey, shortKey } from './key-format.js';
import type { ApiKey } from './api-key.entity.js';

/** What is stored of a new key to recognise it by, and the secret that only its maker sees, once. */
export type MintedKey = {
  readonly secret: string;
  readonly stored: Pick<ApiKey, 'kind' | 'digest' | 'shortKey'>;
};

export function mintKey(salt: string, kind: ApiKey['kind']): MintedKey {
  const secret = newApiKey(kind);
  return { secret, stored: { kind, digest: secretDigest(salt, secret), shortKey: shortKey(secret) } };
}
