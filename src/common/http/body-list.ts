import { Body, type PipeTransform, type Type } from '@nestjs/common';
import type { Problem } from '../errors/domain-error.js';
import { ValidationFailed } from '../errors/validation-failed.js';
import { ApiBody } from './swagger.js';
import { check, tooLong } from './validation.pipe.js';

type ListRules = {
  max: number;
  /**
   * What is wrong with a row beyond its shape. Asked only when the body is refused anyway, so that one answer names all
   * rows; whoever reads good rows checks this himself.
   */
  alsoWrong?: (row: object, loc: Problem['loc']) => Problem[];
};

/** A body that is a list of wire objects: every bad row is named, `loc: ["body", row, field]` (contract decision 2). */
export const BodyList =
  (type: Type, rules: ListRules): ParameterDecorator =>
  (target, key, index) => {
    Body(new ListPipe(type, rules))(target, key, index);
    if (key === undefined) return;
    ApiBody({ type: [type] })(target, key, Object.getOwnPropertyDescriptor(target, key)!);
  };

class ListPipe implements PipeTransform {
  constructor(
    private readonly type: Type,
    private readonly rules: ListRules,
  ) {}

  transform(value: unknown): unknown {
    if (!Array.isArray(value)) throw new ValidationFailed([NO_LIST]);
    const { max } = this.rules;
    if (value.length > max) throw new ValidationFailed([tooLong(['body'], max, value.length)]);
    const problems: Problem[] = [];
    const rows = value.map((row, index) => check(this.type, row, ['body', index], problems));
    if (problems.length > 0) throw new ValidationFailed(this.withRules(problems, rows));
    return rows;
  }

  private withRules(problems: Problem[], rows: readonly (object | null)[]): Problem[] {
    const { alsoWrong } = this.rules;
    if (!alsoWrong) return problems;
    const named = new Set(problems.map(({ loc }) => String(loc)));
    const more = rows.flatMap((row, index) => (row ? alsoWrong(row, ['body', index]) : []));
    const all = [...problems, ...more.filter(({ loc }) => !named.has(String(loc)))];
    return all.sort((one, other) => Number(one.loc[1]) - Number(other.loc[1]));
  }
}

const NO_LIST: Problem = { loc: ['body'], msg: 'Input should be a valid list', type: 'list_type' };
