import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { decryptBytes, encryptBytes } from '../../common/secrets/encrypted-bytes.js';

/** What a client got, as far as it depends on the request. */
export type StoredResponse = { readonly status: number; readonly body: unknown };

/**
 * An answer as it is stored: it may hold a new key or password, which the database alone must not give away. Packed
 * first, since a batch answers hundreds of rows that are much alike.
 */
export const encryptResponse = (key: Buffer, response: StoredResponse): Buffer =>
  encryptBytes(key, deflateRawSync(JSON.stringify(response)));

/** Throws when it was sealed with another key or has been changed. */
export const decryptResponse = (key: Buffer, encrypted: Buffer): StoredResponse =>
  JSON.parse(inflateRawSync(decryptBytes(key, encrypted)).toString('utf8')) as StoredResponse;
