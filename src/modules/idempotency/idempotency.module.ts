import { Module } from '@nestjs/common';
import { IdempotencyKeysRepository } from './idempotency-keys.repository.js';
import { RunOnce } from './run-once.js';

/** Idempotency keys and stored responses, for any kind of request. */
@Module({ providers: [IdempotencyKeysRepository, RunOnce], exports: [RunOnce] })
export class IdempotencyModule {}
