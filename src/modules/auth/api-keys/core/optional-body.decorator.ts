import { createParamDecorator, type ExecutionContext, type Type } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { defaultsOf, referenceTo } from '../../../../common/http/fields.decorator.js';
import { ApiBody, ApiExtraModels } from '../../../../common/http/swagger.decorator.js';
import { assertJson, validated } from '../../../../common/http/validation.pipe.js';

/** An optional body: without it every field has its default, which the OpenAPI document shows as the body's default. */
export const OptionalBody =
  (type: Type<object>): ParameterDecorator =>
  (target, key, index) => {
    createParamDecorator((_: unknown, context: ExecutionContext) => bodyOf(type, context))()(
      target,
      key,
      index,
    );
    if (key === undefined) return;
    const descriptor = Object.getOwnPropertyDescriptor(target, key)!;
    const schema = { ...referenceTo(type), default: defaultsOf(type) };
    ApiExtraModels(type)(target, key, descriptor);
    ApiBody({ schema, required: false })(target, key, descriptor);
  };

function bodyOf(type: Type<object>, context: ExecutionContext) {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  assertJson(body);
  return validated(type, body ?? {}, ['body']);
}
