import { Injectable } from '@nestjs/common';
import { named, Sql } from '../../database/transactions/sql.js';
import { sweep } from '../../database/jobs/sweep.statements.js';

export type StoredRequest = { fingerprint: Buffer; response: Buffer };

const FIND = named('idempotency_keys_find')`
  select fingerprint, answer as response from idempotency_keys where digest = $1 and expires_at > now()`;

/** Waits for a transaction that holds the same key; an expired row is replaced. */
const CLAIM = named('idempotency_keys_claim')`
  insert into idempotency_keys as k (digest, fingerprint, expires_at) values ($1, $2, now() + interval '24 hours')
  on conflict (digest) do update set
    fingerprint = excluded.fingerprint, answer = null, expires_at = excluded.expires_at
  where k.expires_at <= now()`;

const COMPLETE = named('idempotency_keys_complete')`
  update idempotency_keys set answer = $2 where digest = $1`;

const SWEEP = sweep('idempotency_keys', { key: 'digest', limit: 20 });

@Injectable()
export class IdempotencyKeysRepository {
  constructor(private readonly sql: Sql) {}

  /** Null if the key is unknown, or older than a day. */
  find(digest: Buffer): Promise<StoredRequest | null> {
    return this.sql.row<StoredRequest>(FIND, [digest]);
  }

  /** False if another request with this key has committed. */
  async claim(digest: Buffer, fingerprint: Buffer): Promise<boolean> {
    return (await this.sql.affected(CLAIM, [digest, fingerprint])) === 1;
  }

  async complete(digest: Buffer, response: Buffer): Promise<void> {
    await this.sql.affected(COMPLETE, [digest, response]);
  }

  async removeExpired(): Promise<void> {
    await this.sql.affected(SWEEP, []);
  }
}
