import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { ApiHeader } from '../../common/http/swagger.decorator.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';

/**
 * For handlers that change only the database: a retry with the same `Idempotency-Key` gets the first response, and
 * nothing is changed. The module imports `IdempotencyModule`.
 */
export const Idempotent = () =>
  applyDecorators(
    UseInterceptors(IdempotencyInterceptor),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Makes the request safe to repeat: within 24 hours, the same key with the same body gets the first answer again, ' +
        'marked `Idempotency-Replayed: true`. The same key with another body is refused with 422. ' +
        'A request that failed is not remembered and may be repeated with its key.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
  );
