import { hkdfSync } from 'node:crypto';
import { decryptBytes, encryptBytes } from './encrypted-bytes.js';

/**
 * Encrypts and authenticates what leaves us and has to come back unread and unchanged. Its key is derived from a
 * secret of the installation for one purpose (RFC 5869), so that what is sealed for one is nothing to another.
 */
export class SecretBox {
  private readonly key: Buffer;

  constructor(secret: string, purpose: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', `tenantry ${purpose}`, 32));
  }

  /** base64url; each time another text. */
  encrypt(text: string): string {
    return encryptBytes(this.key, Buffer.from(text, 'utf8')).toString('base64url');
  }

  /** Null when it was not sealed by us for this purpose, or was changed since. */
  decrypt(encrypted: string): string | null {
    try {
      return decryptBytes(this.key, Buffer.from(encrypted, 'base64url')).toString('utf8');
    } catch {
      return null;
    }
  }
}
