import { createHmac } from 'node:crypto';

/**
 * The stored form of a secret: 32 bytes of HMAC-SHA-256 under a secret of the installation. Secrets are looked up by
 * this digest in an index; timing reveals only digests, which cannot be computed without `salt`.
 */
export function secretDigest(salt: string, secret: string): Buffer {
  return createHmac('sha256', salt).update(secret).digest();
}
