import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { Shape } from '../protocol/attribute.js';
import { type AttributeSelection, listResponse, readAttributeNames } from '../protocol/list.js';
import { includes, project, type Projection, readProjection } from '../protocol/projection.js';
import { etagOf, matchesEtag, type Resource, schemasOf, SCIM_JSON } from '../protocol/resource.js';
import { isObject } from '../protocol/value.js';
import type { ScimPage } from '../query/scim-pages.read-model.js';

/** Its headers are sent whether `meta` is returned or not (RFC 7644, sections 3.3 and 3.14). */
class ResourceRepresentation {
  constructor(
    readonly body: Resource,
    readonly headers: { readonly location: string; readonly etag: string },
  ) {}
}

type Described = {
  readonly id: string;
  readonly version: number | string;
  readonly createdAt?: Date;
  readonly updatedAt?: Date;
};

/** Represents rows of one resource type with the attributes that the client asked for. */
export class Representer<Row extends Described> {
  private readonly projection: Projection;

  /** Create it before anything is changed. `base` is the URL of SCIM as the client sees it. @throws ScimError for a wrong selection */
  constructor(
    private readonly shape: Shape,
    private readonly toResource: (row: Row, base: string) => Resource,
    private readonly request: { readonly base: string; readonly query: Record<string, unknown> },
    { attributes, excludedAttributes }: AttributeSelection = readAttributeNames(request.query),
  ) {
    this.projection = readProjection(shape, attributes, excludedAttributes);
  }

  /** If not, the attribute need not be loaded. */
  includes(attribute: string): boolean {
    return includes(this.projection, attribute);
  }

  one(row: Row): ResourceRepresentation {
    return new ResourceRepresentation(this.represented(row), {
      location: this.locationOf(row),
      etag: etagOf(row.version),
    });
  }

  page({ rows, total, startIndex, nextCursor }: ScimPage<Row>): Resource {
    const bodies = rows.map((row) => this.represented(row));
    return listResponse(bodies, { totalResults: total, startIndex, nextCursor });
  }

  private represented(row: Row): Resource {
    const { id, version, createdAt, updatedAt } = row;
    const resource = this.toResource(row, this.request.base);
    const meta = {
      resourceType: this.shape.core.name,
      ...(createdAt && { created: createdAt.toISOString() }),
      ...(updatedAt && { lastModified: updatedAt.toISOString() }),
      location: this.locationOf(row),
      version: etagOf(version),
    };
    const whole = { ...resource, schemas: schemasOf(this.shape, resource), id, meta };
    return project(this.shape, whole, this.projection);
  }

  private locationOf({ id }: Row): string {
    return `${this.request.base}/${this.shape.core.name}s/${id}`;
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
