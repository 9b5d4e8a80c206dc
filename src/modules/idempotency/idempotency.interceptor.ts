import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { principalOf } from '../../common/access/access.guard.js';
import { ApiHeader } from '../../common/http/operations/swagger.decorator.js';
import { assertJson } from '../../common/http/operations/validation.pipe.js';
import { required } from '../../common/collections.js';
import { Config } from '../../config/config.js';
import { idempotencyKey, keyedRequest } from './keyed-request.js';
import { type Repeats, RunOnce } from './run-once.js';

const REPEATS = Reflector.createDecorator<Repeats>();

/** Runs after the guards: a replayed response requires the same rights. */
@Injectable()
class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly runOnce: RunOnce,
    private readonly config: Config,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const { headers, body } = context.switchToHttp().getRequest<FastifyRequest>();
    const header = headers['idempotency-key'];
    if (header === undefined) return next.handle();
    const key = idempotencyKey(header);
    assertJson(body);
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const principal = required(principalOf(context), 'the principal');
    const request = keyedRequest(this.config.apiKeys.salt, key, principal, body);
    const work = async () => ({ status: reply.statusCode, body: await lastValueFrom(next.handle()) });
    const response = await this.runOnce.run(request, work, this.reflector.get(REPEATS, context.getHandler()));
    if (response.isReplayed) void reply.status(response.status).header('Idempotency-Replayed', 'true');
    return of(response.body);
  }
}

/**
 * For handlers that change only the database: a retry with the same `Idempotency-Key` gets the first response, and
 * nothing is changed. The module imports `IdempotencyModule`. `if-allowed-now`: of a response that holds a secret, which is
 * given again only if the handler would not refuse the request now (docs/contract/keys.md#repeated-requests).
 */
export const Idempotent = (repeats: Repeats = 'always') =>
  applyDecorators(
    REPEATS(repeats),
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
