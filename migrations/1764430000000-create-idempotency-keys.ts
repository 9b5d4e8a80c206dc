import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Processed requests with an Idempotency-Key and their encrypted responses, kept for a day. */
export class CreateIdempotencyKeys1764430000000 implements MigrationInterface {
  name = 'CreateIdempotencyKeys1764430000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table idempotency_keys (
      digest bytea not null,
      fingerprint bytea not null,
      answer bytea,
      expires_at timestamptz not null,
      constraint idempotency_keys_pkey primary key (digest))`);
    await runner.query('create index idempotency_keys_by_expiry on idempotency_keys (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table idempotency_keys');
  }
}
