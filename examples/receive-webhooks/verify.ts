/**
 * Verifies requests by the Standard Webhooks specification 1.0.0
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 */
import { createHmac, createPublicKey, timingSafeEqual, verify as hasSignature } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Says why a request is not accepted, without anything that the request contains. */
export class NotAuthentic extends Error {}

export type Key = {
  /** Of the signatures that this key can check, as they begin in the header. */
  readonly version: 'v1' | 'v1a';
  readonly isSignature: (signature: Buffer, content: Buffer) => boolean;
};

/** Older or newer requests may be repetitions by somebody who has recorded them. */
const TOLERANCE_SECONDS = 5 * 60;

/** @param text a secret (`whsec_…`), or a public key (`whpk_…`), which cannot sign anything */
export function readKey(text: string): Key {
  const [, prefix, encoded = ''] = /^(whsec|whpk)_(.*)$/.exec(text) ?? [];
  const bytes = base64(encoded);
  if (prefix === 'whsec' && bytes && bytes.length >= 24 && bytes.length <= 64) return secretKey(bytes);
  if (prefix === 'whpk' && bytes?.length === 32) return publicKey(bytes);
  throw new Error('a key must be whsec_ with 24 to 64 bytes or whpk_ with 32 bytes, in base64');
}

function secretKey(secret: Buffer): Key {
  const isSignature = (signature: Buffer, content: Buffer) => {
    const expected = createHmac('sha256', secret).update(content).digest();
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  };
  return { version: 'v1', isSignature };
}

function publicKey(point: Buffer): Key {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return { version: 'v1a', isSignature: (signature, content) => hasSignature(null, content, key, signature) };
}

/**
 * Returns the `webhook-id`, which is the same whenever this event is sent.
 * @param body the bytes as they were received: JSON that was parsed and written again has another signature
 * @param keys one valid signature of one key is enough, so that a secret can be replaced without a gap
 * @throws NotAuthentic
 */
export function verify(
  headers: IncomingHttpHeaders,
  body: Buffer,
  keys: readonly Key[],
  now = new Date(),
): string {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signatures = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string')
    throw new NotAuthentic('webhook-id, webhook-timestamp and webhook-signature are required');
  const age = now.getTime() / 1000 - Number(timestamp);
  if (Number.isNaN(age) || Math.abs(age) > TOLERANCE_SECONDS)
    throw new NotAuthentic('webhook-timestamp is too far from the time of this computer');

  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const isAuthentic = signatures.split(' ').some((each) => {
    const [version, encoded = ''] = each.split(',', 2);
    const signature = base64(encoded);
    return signature && keys.some((key) => key.version === version && key.isSignature(signature, content));
  });
  if (!isAuthentic) throw new NotAuthentic('no signature in webhook-signature is valid');
  return id;
}

/** Node ignores what is not base64; this returns null. */
function base64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return text !== '' && bytes.toString('base64') === text ? bytes : null;
}
