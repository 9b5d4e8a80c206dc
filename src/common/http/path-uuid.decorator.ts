import { Param, type PipeTransform } from '@nestjs/common';
import { ValidationFailed } from '../errors/validation.errors.js';
import { UUID } from './value-checks.js';
import { ApiParam } from './swagger.decorator.js';

/** A UUID in the path; otherwise 422 with its location. */
export const PathUuid =
  (name: string): ParameterDecorator =>
  (target, key, index) => {
    Param(name, new UuidPipe(name))(target, key, index);
    if (key === undefined) return;
    ApiParam({ name, schema: { type: 'string', format: 'uuid' } })(
      target,
      key,
      Object.getOwnPropertyDescriptor(target, key)!,
    );
  };

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
