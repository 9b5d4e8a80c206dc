import {
  Body,
  createParamDecorator,
  type ExecutionContext,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Problem } from '../../errors/domain-error.js';
import { ValidationFailed } from '../../errors/errors.js';
import { defaultsOf, referenceTo } from './field.decorator.js';
import { ApiBody, ApiExtraModels, decorateMethod } from './swagger.decorator.js';
import { assertJson, check, tooLong, validated } from './validation.pipe.js';

/** A list body: the rows that fit the schema, with their indexes, and the problems of the other rows. */
export type BodyRows<Row> = {
  readonly rows: readonly { readonly index: number; readonly row: Row }[];
  readonly problems: readonly Problem[];
};

type ListOptions = {
  max: number;
  /**
   * Further checks of a row beyond its shape. Called only for rows that do not fit the schema, so that all of their
   * problems are named; callers that read the other rows run these checks themselves.
   */
  validateRow: (row: object, loc: Problem['loc']) => Problem[];
};

/**
 * A body that is a list of objects, as `BodyRows`. Malformed rows are not refused here, so that one response can name
 * them together with the forbidden ones, `loc: ["body", row, field]` (docs/contract/invitations.md#batches).
 */
export const BodyList =
  (type: Type, options: ListOptions): ParameterDecorator =>
  (...parameter) => {
    Body(new ListPipe(type, options))(...parameter);
    decorateMethod(parameter, ApiBody({ type: [type] }));
  };

class ListPipe implements PipeTransform {
  constructor(
    private readonly type: Type,
    private readonly options: ListOptions,
  ) {}

  /** @throws ValidationFailed if the body is no list, or too long */
  transform(value: unknown): BodyRows<object> {
    if (!Array.isArray(value)) throw new ValidationFailed([NOT_A_LIST]);
    const { max } = this.options;
    if (value.length > max) throw new ValidationFailed([tooLong(['body'], max, value.length)]);
    const problems: Problem[] = [];
    const rows = value.flatMap((given, index) => {
      const known = problems.length;
      const row = check(this.type, given, ['body', index], problems);
      if (row && problems.length === known) return [{ index, row }];
      if (row) problems.push(...this.furtherProblems(row, index, problems.slice(known)));
      return [];
    });
    return { rows, problems };
  }

  private furtherProblems(row: object, index: number, found: readonly Problem[]): Problem[] {
    const reported = new Set(found.map(({ loc }) => String(loc)));
    return this.options.validateRow(row, ['body', index]).filter(({ loc }) => !reported.has(String(loc)));
  }
}

const NOT_A_LIST: Problem = { loc: ['body'], msg: 'Input should be a valid list', type: 'list_type' };

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
