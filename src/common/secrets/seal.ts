import { hkdfSync } from 'node:crypto';
import { openBytes, sealBytes } from './sealed-bytes.js';

/**
 * Encrypts and authenticates what leaves us and has to come back unread and unchanged. Its key is derived from a
 * secret of the installation for one purpose (RFC 5869), so that what is sealed for one is nothing to another.
 */
export class Seal {
  private readonly key: Buffer;

  constructor(secret: string, purpose: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', `tenantry ${purpose}`, 32));
  }

  /** base64url; each time another text. */
  seal(text: string): string {
    return sealBytes(this.key, Buffer.from(text, 'utf8')).toString('base64url');
  }

  /** Null when it was not sealed by us for this purpose, or was changed since. */
  open(sealed: string): string | null {
    try {
      return openBytes(this.key, Buffer.from(sealed, 'base64url')).toString('utf8');
    } catch {
      return null;
    }
  }
}
