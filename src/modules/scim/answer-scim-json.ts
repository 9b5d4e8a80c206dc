import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { namesEtag } from './protocol/etag.js';
import type { JsonObject } from './protocol/value.js';
import { isObject } from './protocol/value.js';
import { SCIM_JSON } from './scim-root.js';

/** Answers as `application/scim+json`, with the headers that RFC 7644 wants beside the body (sections 3.1 and 3.14). */
@Injectable()
export class AnswerScimJson implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(map((body) => (isObject(body) ? answer(reply, body) : nothing(reply))));
  }
}

function nothing(reply: FastifyReply): void {
  void reply.status(204);
}

function answer(reply: FastifyReply, body: JsonObject): string | undefined {
  const meta = isObject(body.meta) ? body.meta : {};
  if (typeof meta.location === 'string') void reply.header('location', meta.location);
  void reply.header('content-type', SCIM_JSON);
  if (typeof meta.version !== 'string') return JSON.stringify(body);
  void reply.header('etag', meta.version);
  const known = reply.request.headers['if-none-match'];
  if (reply.request.method !== 'GET' || !known || !namesEtag(known, meta.version))
    return JSON.stringify(body);
  void reply.status(304).removeHeader('content-type');
  return undefined;
}
