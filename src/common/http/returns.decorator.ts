import { applyDecorators, HttpCode, HttpStatus, type Type } from '@nestjs/common';
import { ApiOperation, ApiResponse } from './swagger.decorator.js';

/** Status, response type and documentation of a handler, in one place. */
export const Returns = (type: Type | [Type], status = HttpStatus.OK) =>
  applyDecorators(HttpCode(status), ApiResponse({ status, type, description: 'Success' }));

/** A body that is no wire class, as far as `schema` describes it. */
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

/** 200 with a body the contract leaves open. */
export const ReturnsAnything = () => ReturnsJson({});

/** 204, without a body. */
export const ReturnsNothing = () =>
  applyDecorators(
    HttpCode(HttpStatus.NO_CONTENT),
    ApiResponse({ status: HttpStatus.NO_CONTENT, description: 'No Content' }),
  );

/** The errors that platform routes publish: `{ error: text }`. */
export const PlatformErrors = (...statuses: number[]) =>
  applyDecorators(
    ...statuses.map((status) =>
      ApiResponse({ status, description: 'Error', content: PLATFORM_ERROR_CONTENT }),
    ),
  );

const PLATFORM_ERROR_CONTENT = {
  'application/json': { schema: { type: 'object', additionalProperties: { type: 'string' } } },
};

/** The errors of platform routes whose `{ error: text }` has a published name. */
export const ErrorsAs = (type: Type, ...statuses: number[]) =>
  applyDecorators(...statuses.map((status) => ApiResponse({ status, type, description: 'Error' })));

/** Still served, but newer clients have another way. */
export const Deprecated = () => ApiOperation({ deprecated: true });

/** 302, for browsers. */
export const ReturnsRedirect = () =>
  applyDecorators(
    HttpCode(HttpStatus.FOUND),
    ApiResponse({ status: HttpStatus.FOUND, description: 'Found' }),
  );
