import { applyDecorators, HttpCode, HttpStatus, type Type } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';

/** Status, response type and documentation of a handler, in one place. */
export const Returns = (type: Type | [Type], status = HttpStatus.OK) =>
  applyDecorators(HttpCode(status), ApiResponse({ status, type, description: 'Success' }));

/** 200 with a body the contract leaves open. */
export const ReturnsAnything = () =>
  applyDecorators(
    HttpCode(HttpStatus.OK),
    ApiResponse({
      status: HttpStatus.OK,
      description: 'Success',
      content: { 'application/json': { schema: {} } },
    }),
  );

/** The errors that platform routes publish: `{ error: text }`. */
export const PlatformErrors = (...statuses: number[]) =>
  applyDecorators(
    ...statuses.map((status) => ApiResponse({ status, description: 'Error', content: ERROR_TEXTS })),
  );

const ERROR_TEXTS = {
  'application/json': { schema: { type: 'object', additionalProperties: { type: 'string' } } },
};

/** Still served, but newer clients have another way. */
export const Deprecated = () => ApiOperation({ deprecated: true });
