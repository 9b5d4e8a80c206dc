import { Param, type PipeTransform } from '@nestjs/common';
import { ValidationFailed } from '../../errors/errors.js';
import { ApiParam, decorateMethod } from './swagger.decorator.js';
import { UUID } from './value-checks.js';

/** The check of `PathUuid` alone, for parameters that are published as any text. */
export class UuidPipe implements PipeTransform {
  constructor(private readonly name: string) {}

  transform(value: string): string {
    if (UUID.test(value)) return value.toLowerCase();
    throw new ValidationFailed([
      { loc: ['path', this.name], msg: 'Input should be a valid UUID', type: 'uuid_parsing' },
    ]);
  }
}

/** A UUID in the path; otherwise 422 with its location. */
export const PathUuid =
  (name: string): ParameterDecorator =>
  (...parameter) => {
    Param(name, new UuidPipe(name))(...parameter);
    decorateMethod(parameter, ApiParam({ name, schema: { type: 'string', format: 'uuid' } }));
  };
