import { Param } from '@nestjs/common';
import { ApiParam, decorateMethod } from './swagger.decorator.js';
import { UuidPipe } from './uuid.pipe.js';

/** A UUID in the path; otherwise 422 with its location. */
export const PathUuid =
  (name: string): ParameterDecorator =>
  (...parameter) => {
    Param(name, new UuidPipe(name))(...parameter);
    decorateMethod(parameter, ApiParam({ name, schema: { type: 'string', format: 'uuid' } }));
  };
