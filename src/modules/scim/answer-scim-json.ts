import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { namesEtag } from './protocol/etag.js';
import { isObject } from './protocol/value.js';
import { SCIM_JSON } from './scim-root.js';
import { ShownResource } from './shown-resource.js';

/** Answers as `application/scim+json`, with the headers that RFC 7644 wants beside the body (sections 3.1 and 3.14). */
@Injectable()
export class AnswerScimJson implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((body) => {
        if (body instanceof ShownResource) return ofResource(reply, body);
        return isObject(body) ? json(reply, body) : nothing(reply);
      }),
    );
  }
}

function nothing(reply: FastifyReply): void {
  void reply.status(204);
}

function json(reply: FastifyReply, body: object): string {
  void reply.header('content-type', SCIM_JSON);
  return JSON.stringify(body);
}

function ofResource(reply: FastifyReply, { body, location, etag }: ShownResource): string | undefined {
  void reply.headers({ location, etag });
  const known = reply.request.headers['if-none-match'];
  if (reply.request.method !== 'GET' || !known || !namesEtag(known, etag)) return json(reply, body);
  void reply.status(304);
  return undefined;
}
