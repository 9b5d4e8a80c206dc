import { applyDecorators, HttpCode, HttpStatus, type Type } from '@nestjs/common';
import { referenceTo } from './fields.decorator.js';
import { ApiExtraModels, ApiOperation, ApiResponse } from './swagger.decorator.js';

/** Status, response type and documentation of a handler. */
export const Returns = (type: Type | [Type], status = HttpStatus.OK) =>
  applyDecorators(HttpCode(status), ApiResponse({ status, type, description: 'Success' }));

/** A JSON response without a class, described by `schema`. */
export const ReturnsJson = (
  schema: { type?: 'object' | 'string'; additionalProperties?: boolean },
  status = HttpStatus.OK,
) =>
  applyDecorators(
    HttpCode(status),
    ApiResponse({
      status,
      description: 'Success',
      content: { 'application/json': { schema } },
    }),
  );

/** An object with a list of `type` for each id. */
export const ReturnsListsById = (type: Type) => {
  const additionalProperties = { type: 'array' as const, items: referenceTo(type) };
  const schema = { type: 'object' as const, propertyNames: { format: 'uuid' }, additionalProperties };
  return applyDecorators(
    ApiExtraModels(type),
    ApiResponse({
      status: HttpStatus.OK,
      description: 'Success',
      content: { 'application/json': { schema } },
    }),
  );
};

/** 200 with a body that the contract leaves unspecified. */
export const ReturnsAnything = () => ReturnsJson({});

/** 204, without a body. */
export const ReturnsNothing = () =>
  applyDecorators(
    HttpCode(HttpStatus.NO_CONTENT),
    ApiResponse({ status: HttpStatus.NO_CONTENT, description: 'No Content' }),
  );

/** The error responses of platform routes: `{ error: text }`. */
export const PlatformErrors = (...statuses: number[]) =>
  applyDecorators(
    ...statuses.map((status) =>
      ApiResponse({ status, description: 'Error', content: PLATFORM_ERROR_CONTENT }),
    ),
  );

const PLATFORM_ERROR_CONTENT = {
  'application/json': { schema: { type: 'object', additionalProperties: { type: 'string' } } },
};

/** Error responses `{ error: text }` of platform routes whose schema has a published name. */
export const ErrorsAs = (type: Type, ...statuses: number[]) =>
  applyDecorators(...statuses.map((status) => ApiResponse({ status, type, description: 'Error' })));

/** Marks a route that is still served, while newer clients use another one. */
export const Deprecated = () => ApiOperation({ deprecated: true });

/** 200 with an HTML page for browsers. */
export const ReturnsPage = () =>
  ApiResponse({
    status: HttpStatus.OK,
    description: 'A page',
    content: { 'text/html': { schema: { type: 'string' } } },
  });

/** 302 to a page for browsers. */
export const ReturnsRedirect = () =>
  applyDecorators(
    HttpCode(HttpStatus.FOUND),
    ApiResponse({ status: HttpStatus.FOUND, description: 'Found' }),
  );
