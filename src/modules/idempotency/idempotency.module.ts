import { Module } from '@nestjs/common';
import { IdempotencyKeysRepository } from './idempotency-keys.repository.js';
import { RunOnce } from './run-once.js';

/** Owns the keys of requests that must not happen twice, and their first answers. Does not know what they are about. */
@Module({ providers: [IdempotencyKeysRepository, RunOnce], exports: [RunOnce] })
export class IdempotencyModule {}
