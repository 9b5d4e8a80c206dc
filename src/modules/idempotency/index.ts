export { Idempotent } from './idempotency.interceptor.js';
export { IdempotencyModule } from './idempotency.module.js';
