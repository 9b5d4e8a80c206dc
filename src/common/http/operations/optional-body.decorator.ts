import { createParamDecorator, type ExecutionContext, type Type } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { defaultsOf, referenceTo } from './field.decorator.js';
import { ApiBody, ApiExtraModels, decorateMethod } from './swagger.decorator.js';
import { assertJson, validated } from './validation.pipe.js';

/** An optional body: without it every field has its default, which the OpenAPI document shows as the body's default. */
export const OptionalBody =
  (type: Type<object>): ParameterDecorator =>
  (...parameter) => {
    createParamDecorator((_: unknown, context: ExecutionContext) => bodyOf(type, context))()(...parameter);
    const schema = { ...referenceTo(type), default: defaultsOf(type) };
    decorateMethod(parameter, ApiExtraModels(type), ApiBody({ schema, required: false }));
  };

function bodyOf(type: Type<object>, context: ExecutionContext) {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  assertJson(body);
  return validated(type, body ?? {}, ['body']);
}
