import { newApiKey, secretDigest, shortKey } from '../../../common/secrets/secret-token.js';
import { newId } from '../../../database/new-id.js';
import type { ApiKey } from './api-key.entity.js';

export type KeyFields = Omit<ApiKey, 'id' | 'digest' | 'shortKey' | 'createdAt' | 'lastUsedAt'>;

/** A new key as it is stored, and the secret that only its maker sees, once. */
export function issueKey(salt: string, fields: KeyFields): { key: ApiKey; secret: string } {
  const secret = newApiKey(fields.kind);
  const made = { digest: secretDigest(salt, secret), shortKey: shortKey(secret), createdAt: new Date() };
  return { secret, key: { ...fields, ...made, id: newId(), lastUsedAt: null } };
}
