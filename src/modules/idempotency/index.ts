export { Idempotent } from './idempotent.decorator.js';
export { IdempotencyModule } from './idempotency.module.js';
