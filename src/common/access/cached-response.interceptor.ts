import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { AccessCache } from './access-cache.js';

/** After the guards, so that each request is recognized and counted. */
@Injectable()
class CachedResponseInterceptor implements NestInterceptor {
  constructor(private readonly cache: AccessCache) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    return of(await this.cache.getResponse(request, () => lastValueFrom(next.handle())));
  }
}

/**
 * The response may be that of an earlier request of the same caller. It must follow from nothing but who the caller is, the
 * configuration, and tables whose every change is in the log of access changes (docs/decisions/0098).
 */
export const CachedResponse = () => UseInterceptors(CachedResponseInterceptor);
