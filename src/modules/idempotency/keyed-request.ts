import { hkdfSync } from 'node:crypto';
import type { Principal } from '../../common/access/principal.js';
import { secretDigest } from '../../common/secrets/secret-digest.js';
import { UnusableIdempotencyKey } from './idempotency.errors.js';

/** A request under a key of its sender's choice, as far as it is remembered: by digests only. */
export type KeyedRequest = {
  /** Finds the key of this credential in this organization. */
  readonly digest: Buffer;
  /** Equal for requests that ask the same. */
  readonly fingerprint: Buffer;
  /** Opens the stored answer. Made from the installation's secret and the key itself, neither of which is stored. */
  readonly responseKey: Buffer;
};

const KEY = /^[\x20-\x7e]{1,255}$/;

/** Null without the header. The draft's quotes, where a client sends them, are part of the key. */
export function idempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header !== 'string' || !KEY.test(header)) throw new UnusableIdempotencyKey();
  return header;
}

/** `body` as it was parsed. The bodies may hold passwords, so their digest is a keyed one. */
export function keyedRequest(salt: string, key: string, principal: Principal, body: unknown): KeyedRequest {
  const { credential, orgId, workspaceId, request } = principal;
  const owner = JSON.stringify([credential.kind, credential.id, orgId, key]);
  const path = request.path.replace(/\/+$/, ''); // one route, with and without
  const content = JSON.stringify([request.method, path, workspaceId, body]);
  return {
    digest: secretDigest(salt, `idempotency key ${owner}`),
    fingerprint: secretDigest(salt, `idempotent request ${owner} ${content}`),
    responseKey: Buffer.from(hkdfSync('sha256', owner, salt, 'idempotent answer', 32)),
  };
}
