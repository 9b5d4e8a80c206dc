import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { principalOf } from '../../common/access/current-principal.decorator.js';
import { assertJson } from '../../common/http/validation.pipe.js';
import { required } from '../../common/required.js';
import { Config } from '../../config/config.js';
import { idempotencyKey, keyedRequest } from './keyed-request.js';
import { RunOnce } from './run-once.js';

/** Runs after the guards: a replayed response requires the same rights. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly runOnce: RunOnce,
    private readonly config: Config,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const { headers, body } = context.switchToHttp().getRequest<FastifyRequest>();
    const key = idempotencyKey(headers['idempotency-key']);
    if (key === null) return next.handle();
    assertJson(body);
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const request = keyedRequest(
      this.config.apiKeys.salt,
      key,
      required(principalOf(context), 'the principal'),
      body,
    );
    const response = await this.runOnce.run(request, async () => ({
      status: reply.statusCode,
      body: await lastValueFrom(next.handle()),
    }));
    if (response.isReplayed) void reply.status(response.status).header('Idempotency-Replayed', 'true');
    return of(response.body);
  }
}
