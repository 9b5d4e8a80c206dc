import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Authenticated encryption with a 32-byte key; returns nonce, ciphertext and tag, different on each call. */
export function encryptBytes(key: Buffer, bytes: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Error if the bytes are too short, were encrypted with another key or have been changed */
export function decryptBytes(key: Buffer, encrypted: Buffer): Buffer {
  if (encrypted.length < NONCE_BYTES + TAG_BYTES) throw new RangeError('too short to be encrypted');
  const decipher = createDecipheriv(CIPHER, key, encrypted.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(encrypted.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(encrypted.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}

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
