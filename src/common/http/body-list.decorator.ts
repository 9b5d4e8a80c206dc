import { Body, type PipeTransform, type Type } from '@nestjs/common';
import type { Problem } from '../errors/domain-error.js';
import { ValidationFailed } from '../errors/validation.errors.js';
import { ApiBody } from './swagger.decorator.js';
import { check, tooLong } from './validation.pipe.js';

type ListOptions = {
  max: number;
  /**
   * Further checks of a row beyond its shape. Called only if the body is refused anyway, so that one response names all
   * bad rows; callers that read valid rows run these checks themselves.
   */
  validateRow?: (row: object, loc: Problem['loc']) => Problem[];
};

/**
 * A body that is a list of objects; every invalid row is named, `loc: ["body", row, field]`
 * (docs/contract/invitations.md#batches).
 */
export const BodyList =
  (type: Type, options: ListOptions): ParameterDecorator =>
  (target, key, index) => {
    Body(new ListPipe(type, options))(target, key, index);
    if (key === undefined) return;
    ApiBody({ type: [type] })(target, key, Object.getOwnPropertyDescriptor(target, key)!);
  };

class ListPipe implements PipeTransform {
  constructor(
    private readonly type: Type,
    private readonly options: ListOptions,
  ) {}

  transform(value: unknown): unknown {
    if (!Array.isArray(value)) throw new ValidationFailed([NOT_A_LIST]);
    const { max } = this.options;
    if (value.length > max) throw new ValidationFailed([tooLong(['body'], max, value.length)]);
    const problems: Problem[] = [];
    const rows = value.map((row, index) => check(this.type, row, ['body', index], problems));
    if (problems.length > 0) throw new ValidationFailed(this.withRowProblems(problems, rows));
    return rows;
  }

  private withRowProblems(problems: Problem[], rows: readonly (object | null)[]): Problem[] {
    const { validateRow } = this.options;
    if (!validateRow) return problems;
    const reported = new Set(problems.map(({ loc }) => String(loc)));
    const more = rows.flatMap((row, index) => (row ? validateRow(row, ['body', index]) : []));
    const all = [...problems, ...more.filter(({ loc }) => !reported.has(String(loc)))];
    return all.sort((a, b) => Number(a.loc[1]) - Number(b.loc[1]));
  }
}

const NOT_A_LIST: Problem = { loc: ['body'], msg: 'Input should be a valid list', type: 'list_type' };
