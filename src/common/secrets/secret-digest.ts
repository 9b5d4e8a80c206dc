import { createHmac } from 'node:crypto';

/**
 * What is stored of a secret: 32 bytes of HMAC-SHA-256 under a secret of this installation. Secrets are found by this
 * digest, by equality in an index: whoever times the search learns about digests that nobody can compute without `salt`.
 */
export function secretDigest(salt: string, secret: string): Buffer {
  return createHmac('sha256', salt).update(secret).digest();
}
