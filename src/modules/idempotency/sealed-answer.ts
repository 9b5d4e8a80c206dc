import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** What a client got, as far as it depends on the request. */
export type Answer = { readonly status: number; readonly body: unknown };

const CIPHER = 'aes-256-gcm';
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;

/**
 * An answer as it is stored: it may hold a new key or password, which the database alone must not give away. Packed
 * first, since a batch answers hundreds of rows that are much alike. Nonce, tag, text.
 */
export function sealAnswer(key: Buffer, answer: Answer): Buffer {
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv(CIPHER, key, nonce);
  const text = Buffer.concat([cipher.update(deflateRawSync(JSON.stringify(answer))), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** Throws when it was sealed with another key or has been changed. */
export function openAnswer(key: Buffer, sealed: Buffer): Answer {
  const textStart = NONCE_LENGTH + TAG_LENGTH;
  const cipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_LENGTH), {
    authTagLength: TAG_LENGTH,
  });
  cipher.setAuthTag(sealed.subarray(NONCE_LENGTH, textStart));
  const packed = Buffer.concat([cipher.update(sealed.subarray(textStart)), cipher.final()]);
  return JSON.parse(inflateRawSync(packed).toString('utf8')) as Answer;
}
