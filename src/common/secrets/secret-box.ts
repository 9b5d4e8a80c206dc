import { hkdfSync } from 'node:crypto';
import { decryptBytes, encryptBytes } from './encrypted-bytes.js';

/**
 * Encrypts and authenticates data that leaves the server and comes back. The key is derived from a secret of the
 * installation for one purpose (RFC 5869), so that data of one purpose is not accepted for another.
 */
export class SecretBox {
  private readonly key: Buffer;

  constructor(secret: string, purpose: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', `tenantry ${purpose}`, 32));
  }

  /** base64url; different on each call. */
  encrypt(text: string): string {
    return encryptBytes(this.key, Buffer.from(text, 'utf8')).toString('base64url');
  }

  /** Null if the text was not encrypted here for this purpose, or has been changed. */
  decrypt(encrypted: string): string | null {
    try {
      return decryptBytes(this.key, Buffer.from(encrypted, 'base64url')).toString('utf8');
    } catch {
      return null;
    }
  }
}
