import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { matchesEtag } from '../protocol/resource.js';
import { isObject } from '../protocol/value.js';
import { SCIM_JSON } from './scim-root.js';
import { ResourceRepresentation } from '../resources/resource-representation.js';

/** Responds with `application/scim+json` and the headers of RFC 7644, sections 3.1 and 3.14. */
@Injectable()
export class ScimJsonInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((body) => {
        if (body instanceof ResourceRepresentation) return resourceBody(reply, body);
        return isObject(body) ? json(reply, body) : emptyBody(reply);
      }),
    );
  }
}

function emptyBody(reply: FastifyReply): void {
  void reply.status(204);
}

function json(reply: FastifyReply, body: object): string {
  void reply.header('content-type', SCIM_JSON);
  return JSON.stringify(body);
}

function resourceBody(
  reply: FastifyReply,
  { body, location, etag }: ResourceRepresentation,
): string | undefined {
  void reply.headers({ location, etag });
  const knownEtag = reply.request.headers['if-none-match'];
  if (reply.request.method !== 'GET' || !knownEtag || !matchesEtag(knownEtag, etag)) return json(reply, body);
  void reply.status(304);
  return undefined;
}
