import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { openBytes, sealBytes } from '../../common/secrets/sealed-bytes.js';

/** What a client got, as far as it depends on the request. */
export type Answer = { readonly status: number; readonly body: unknown };

/**
 * An answer as it is stored: it may hold a new key or password, which the database alone must not give away. Packed
 * first, since a batch answers hundreds of rows that are much alike.
 */
export const sealAnswer = (key: Buffer, answer: Answer): Buffer =>
  sealBytes(key, deflateRawSync(JSON.stringify(answer)));

/** Throws when it was sealed with another key or has been changed. */
export const openAnswer = (key: Buffer, sealed: Buffer): Answer =>
  JSON.parse(inflateRawSync(openBytes(key, sealed)).toString('utf8')) as Answer;
