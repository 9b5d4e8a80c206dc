import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretBox } from '../../../common/secrets/secret-box.js';

/** `stored`: encrypted. `secret` and `publicKey` as the specification writes them. */
export type NewSecret = { readonly stored: string; readonly secret: string; readonly publicKey: string };

/** The value of `webhook-signature`. `timestamp`: in seconds, that of `webhook-timestamp`. */
export type Signer = (id: string, timestamp: number, body: string) => string;

const BYTES = 32;

/** An ed25519 private key in PKCS #8 (RFC 8410, section 7) is this and its 32 bytes. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The secrets of webhooks: 32 bytes for HMAC, which the receiver knows, and an ed25519 key, of which the receiver knows the
 * public part (Standard Webhooks 1.0.0, "Signature scheme").
 */
@Injectable()
export class WebhookSecrets {
  constructor(private readonly secrets: SecretBox) {}

  create(): NewSecret {
    const shared = randomBytes(BYTES);
    const seed = randomBytes(BYTES);
    const { x = '' } = createPublicKey(privateKey(seed)).export({ format: 'jwk' });
    return {
      stored: this.secrets.encrypt(Buffer.concat([shared, seed]).toString('base64')),
      secret: `whsec_${shared.toString('base64')}`,
      publicKey: `whpk_${Buffer.from(x, 'base64url').toString('base64')}`,
    };
  }

  /** Signs with both. Null if the current one was encrypted with another salt. */
  signerOf(current: string, previous: string | null): Signer | null {
    const first = this.keysIn(current);
    const second = previous === null ? null : this.keysIn(previous);
    if (!first) return null;
    const keys = second ? [first, second] : [first];
    return (id, timestamp, body) => {
      const content = Buffer.from(`${id}.${timestamp}.${body}`);
      return keys
        .flatMap(({ shared, key }) => [
          `v1,${createHmac('sha256', shared).update(content).digest('base64')}`,
          `v1a,${sign(null, content, key).toString('base64')}`,
        ])
        .join(' ');
    };
  }

  private keysIn(stored: string): { readonly shared: Buffer; readonly key: KeyObject } | null {
    const text = this.secrets.decrypt(stored);
    if (text === null) return null;
    const bytes = Buffer.from(text, 'base64');
    return { shared: bytes.subarray(0, BYTES), key: privateKey(bytes.subarray(BYTES)) };
  }
}

const privateKey = (seed: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
