import { applyDecorators, HttpCode, HttpStatus, type Type } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { FastifyContextConfig } from 'fastify';
import type { ProblemFamily } from '../../errors/error-format.js';
import type { AuditOperation } from './audit-operations.js';
import { referenceTo } from './field.decorator.js';
import { ApiExtension, ApiExtraModels, ApiOperation, ApiResponse } from './swagger.decorator.js';

const Returns = (type: Type | [Type], status: number = HttpStatus.OK) =>
  applyDecorators(HttpCode(status), ApiResponse({ status, type, description: 'Success' }));

/** What a handler returns: a class, a list of it, a body that the contract leaves unspecified, or 204. */
export type Returned = Type | [Type] | 'anything' | 'nothing';

/** The decorators of a response; none if another decorator describes it. */
export function returning(returned: Returned | undefined, status?: number): MethodDecorator[] {
  if (returned === undefined) return [];
  if (returned === 'nothing') return [ReturnsNothing()];
  return [returned === 'anything' ? ReturnsJson({}) : Returns(returned, status)];
}

/** A JSON response without a class, described by `schema`. */
export const ReturnsJson = (schema: object, status = HttpStatus.OK) =>
  applyDecorators(HttpCode(status), describes(status, 'Success', 'application/json', schema));

/** An object with a list of `type` for each id. */
export const ReturnsListsById = (type: Type) => {
  const additionalProperties = { type: 'array', items: referenceTo(type) };
  const schema = { type: 'object', propertyNames: { format: 'uuid' }, additionalProperties };
  return applyDecorators(
    ApiExtraModels(type),
    describes(HttpStatus.OK, 'Success', 'application/json', schema),
  );
};

const describes = (status: number, description: string, mediaType: string, schema: object) =>
  ApiResponse({ status, description, content: { [mediaType]: { schema } } });

/** 200 with `type`, or with a table in CSV. */
export const ReturnsJsonOrCsv = (type: Type) =>
  applyDecorators(
    ApiExtraModels(type),
    ApiResponse({
      status: HttpStatus.OK,
      description: 'Success',
      content: {
        'application/json': { schema: referenceTo(type) },
        'text/csv': { schema: { type: 'string' } },
      },
    }),
  );

/** 204, without a body. */
export const ReturnsNothing = () =>
  applyDecorators(
    HttpCode(HttpStatus.NO_CONTENT),
    ApiResponse({ status: HttpStatus.NO_CONTENT, description: 'No Content' }),
  );

/** The error responses of platform routes: `{ error: text }`. */
export const PlatformErrors = (...statuses: number[]) =>
  applyDecorators(
    ...statuses.map((status) => describes(status, 'Error', 'application/json', PLATFORM_ERROR)),
  );

const PLATFORM_ERROR = { type: 'object', additionalProperties: { type: 'string' } };

/** Error responses whose schema has a published name or further fields. */
export const ErrorsAs = (type: Type, ...statuses: number[]) =>
  applyDecorators(...statuses.map((status) => ApiResponse({ status, type, description: 'Error' })));

/** 422 with the problems of the request, and further fields. */
export const UnprocessableWith = (properties: object) => {
  const fields = { type: 'object', properties };
  const allOf = [{ $ref: '#/components/schemas/HTTPValidationError' }, fields];
  return describes(HttpStatus.UNPROCESSABLE_ENTITY, 'Validation Error', 'application/json', { allOf });
};

/** Marks a route that is still served, while newer clients use another one. */
export const Deprecated = () => ApiOperation({ deprecated: true });

/** 200 with an HTML page for browsers. */
export const ReturnsPage = () => describes(HttpStatus.OK, 'A page', 'text/html', { type: 'string' });

/** 302 to a page for browsers. */
export const ReturnsRedirect = () =>
  applyDecorators(
    HttpCode(HttpStatus.FOUND),
    ApiResponse({ status: HttpStatus.FOUND, description: 'Found' }),
  );

/** The beginning of the keys in the description until the codes are published as responses. */
export const REFUSES = 'x-refuses-';

/**
 * The error codes (docs/errors.md) with which the rules behind a handler, or behind all handlers of a controller, refuse
 * a request, without those that other decorators imply. Published with each operation; tests fail on a code that is not
 * declared.
 */
export const Refuses = (...codes: string[]) =>
  forHandlers(...codes.map((code) => ApiExtension(`${REFUSES}${code}`, true)));

/** The key in the description until the bodies are published as responses. */
export const PROBLEMS = 'x-problems';

declare module 'fastify' {
  interface FastifyContextConfig {
    problems?: ProblemFamily;
    acceptsForm?: boolean;
    maxBodyBytes?: number;
    auditOperation?: AuditOperation;
    actsInNoOrg?: boolean;
  }
}

/**
 * Returns and describes the errors of a handler, or of all handlers of a controller, as problems (RFC 9457) of this
 * family (docs/contract/http.md#problems).
 */
export const Problems = (family: ProblemFamily) =>
  forHandlers(MergeRouteConfig({ problems: family }), ApiExtension(PROBLEMS, family));

/** On a controller, decorates all of its handlers. */
const forHandlers =
  (...decorators: MethodDecorator[]): ClassDecorator & MethodDecorator =>
  (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => {
    if (key !== undefined && descriptor) return applyDecorators(...decorators)(target, key, descriptor);
    const { prototype } = target as { prototype: object };
    for (const [name, method] of Object.entries(Object.getOwnPropertyDescriptors(prototype)))
      if (name !== 'constructor') applyDecorators(...decorators)(prototype, name, method);
  };

/** `RouteConfig` of Nest that keeps what other decorators of the handler have configured. */
const MergeRouteConfig =
  (config: FastifyContextConfig): MethodDecorator =>
  (target, key, descriptor) => {
    const handler = descriptor.value as object;
    const configured = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as object | undefined;
    return RouteConfig({ ...configured, ...config })(target, key, descriptor);
  };

/** Accepts form bodies on a route of OpenID Connect or OAuth; all other routes accept JSON only. */
export const AcceptsForm = () => MergeRouteConfig({ acceptsForm: true });

/** A smaller limit than that of all routes: a longer body is 413 and not read. */
export const MaxBodyBytes = (maxBodyBytes: number) => MergeRouteConfig({ maxBodyBytes });

/** Names the operation of a handler, so that a refused request is recorded whichever step refuses it. */
export const Audited = (operation: AuditOperation, actsInNoOrg = false) =>
  MergeRouteConfig({ auditOperation: operation, ...(actsInNoOrg && { actsInNoOrg }) });
