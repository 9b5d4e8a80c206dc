import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { Shape } from '../protocol/attribute.js';
import { type AttributeSelection, listResponse } from '../protocol/list.js';
import { includes, project, type Projection, readProjection } from '../protocol/projection.js';
import { matchesEtag, type Resource, SCIM_JSON } from '../protocol/resource.js';
import { isObject } from '../protocol/value.js';
import type { ScimPage } from '../query/scim-pages.js';

/**
 * A resource as the client asked for it, with the values of its headers, which are sent whether `meta` is returned or
 * not (RFC 7644, sections 3.3 and 3.14).
 */
class ResourceRepresentation {
  constructor(
    readonly body: Resource,
    readonly headers: { readonly location: string; readonly etag: string },
  ) {}
}

/** Represents rows of one resource type with the attributes that the client asked for. */
export class Representer<Row> {
  private readonly projection: Projection;

  /** Create it before anything is changed. @throws ScimError if the selection is invalid */
  constructor(
    private readonly shape: Shape,
    private readonly toResource: (row: Row) => Resource,
    { attributes, excludedAttributes }: AttributeSelection,
  ) {
    this.projection = readProjection(shape, attributes, excludedAttributes);
  }

  /** If not, the attribute need not be loaded. */
  includes(attribute: string): boolean {
    return includes(this.projection, attribute);
  }

  one(row: Row): ResourceRepresentation {
    const resource = this.toResource(row);
    const { location, version } = resource.meta as { location: string; version: string };
    return new ResourceRepresentation(this.project(resource), { location, etag: version });
  }

  page({ rows, total, startIndex, nextCursor }: ScimPage<Row>): Resource {
    const bodies = rows.map((row) => this.project(this.toResource(row)));
    return listResponse(bodies, { totalResults: total, startIndex, nextCursor });
  }

  private project(resource: Resource): Resource {
    return project(this.shape, resource, this.projection);
  }
}

/** Responds with `application/scim+json` and the headers of RFC 7644, sections 3.1 and 3.14. */
@Injectable()
export class ScimJsonInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((body) => {
        if (body instanceof ResourceRepresentation) return sendResource(reply, body);
        if (isObject(body)) return sendJson(reply, body);
        void reply.status(204);
        return undefined;
      }),
    );
  }
}

function sendJson(reply: FastifyReply, body: object): string {
  void reply.header('content-type', SCIM_JSON);
  return JSON.stringify(body);
}

function sendResource(reply: FastifyReply, { body, headers }: ResourceRepresentation): string | undefined {
  void reply.headers(headers);
  const knownEtag = reply.request.headers['if-none-match'];
  if (reply.request.method !== 'GET' || !knownEtag || !matchesEtag(knownEtag, headers.etag))
    return sendJson(reply, body);
  void reply.status(304);
  return undefined;
}
