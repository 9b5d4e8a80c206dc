import { hkdfSync } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Principal } from '../../common/access/principal.js';
import { decryptBytes, encryptBytes } from '../../common/secrets/secret-box.js';
import { secretDigest } from '../../common/secrets/credential-formats.js';
import { UnusableIdempotencyKey } from './idempotency.errors.js';

/** The stored form of a request with an idempotency key: digests only. */
export type KeyedRequest = {
  /** Identifies the key of this credential in this organization. */
  readonly digest: Buffer;
  /** Equal for identical requests. */
  readonly fingerprint: Buffer;
  /** Derived from the installation's secret and the key itself, neither of which is stored. */
  readonly responseKey: Buffer;
};

const KEY = /^[\x20-\x7e]{1,255}$/;

/** Quotes, as in the draft, are part of the key. @throws UnusableIdempotencyKey */
export function idempotencyKey(header: string | string[]): string {
  if (typeof header !== 'string' || !KEY.test(header)) throw new UnusableIdempotencyKey();
  return header;
}

/** `body` is the parsed body. It may contain passwords, so its digest is keyed. */
export function keyedRequest(salt: string, key: string, principal: Principal, body: unknown): KeyedRequest {
  const { credential, orgId, workspaceId, request } = principal;
  const owner = JSON.stringify([credential.kind, credential.id, orgId, key]);
  const path = request.path.replace(/\/$/, ''); // the same route with and without a trailing slash
  const content = JSON.stringify([request.method, path, workspaceId, body]);
  return {
    digest: secretDigest(salt, `idempotency key ${owner}`),
    fingerprint: secretDigest(salt, `idempotent request ${owner} ${content}`),
    responseKey: Buffer.from(hkdfSync('sha256', owner, salt, 'idempotent answer', 32)),
  };
}

/** The parts of a response that are replayed. */
export type StoredResponse = { readonly status: number; readonly body: unknown };

/** It may contain a new key or password, which the database alone must not reveal. Compressed first, since the rows of a batch are alike. */
export const encryptResponse = (key: Buffer, response: StoredResponse): Buffer =>
  encryptBytes(key, deflateRawSync(JSON.stringify(response)));

/** @throws if the key is another one or the data was changed. */
export const decryptResponse = (key: Buffer, encrypted: Buffer): StoredResponse =>
  JSON.parse(inflateRawSync(decryptBytes(key, encrypted)).toString('utf8')) as StoredResponse;
