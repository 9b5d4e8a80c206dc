import { Body, type PipeTransform, type Type } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import type { Problem } from '../errors/domain-error.js';
import { ValidationFailed } from '../errors/validation-failed.js';
import { check } from './validation.pipe.js';

/** A body that is a list of wire objects: every bad row is named, `loc: ["body", row, field]` (decision 2). */
export const BodyList =
  (type: Type, { max }: { max: number }): ParameterDecorator =>
  (target, key, index) => {
    Body(new ListPipe(type, max))(target, key, index);
    if (key === undefined) return;
    ApiBody({ type: [type] })(target, key, Object.getOwnPropertyDescriptor(target, key)!);
  };

class ListPipe implements PipeTransform {
  constructor(
    private readonly type: Type,
    private readonly max: number,
  ) {}

  transform(value: unknown): unknown {
    if (!Array.isArray(value)) throw bad('Input should be a valid list', 'list_type');
    if (value.length > this.max) {
      throw bad(
        `List should have at most ${this.max} items after validation, not ${value.length}`,
        'too_long',
      );
    }
    const problems: Problem[] = [];
    const rows = value.map((row, index) => check(this.type, row, ['body', index], problems));
    if (problems.length > 0) throw new ValidationFailed(problems);
    return rows;
  }
}

const bad = (msg: string, type: string) => new ValidationFailed([{ loc: ['body'], msg, type }]);
