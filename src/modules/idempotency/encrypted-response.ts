import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { decryptBytes, encryptBytes } from '../../common/secrets/encrypted-bytes.js';

/** The parts of a response that are replayed. */
export type StoredResponse = { readonly status: number; readonly body: unknown };

/**
 * Encrypts a response for storage: it may contain a new key or password, which the database alone must not reveal.
 * Compressed first, since the rows of a batch are much alike.
 */
export const encryptResponse = (key: Buffer, response: StoredResponse): Buffer =>
  encryptBytes(key, deflateRawSync(JSON.stringify(response)));

/** @throws if the key is another one or the data was changed. */
export const decryptResponse = (key: Buffer, encrypted: Buffer): StoredResponse =>
  JSON.parse(inflateRawSync(decryptBytes(key, encrypted)).toString('utf8')) as StoredResponse;
