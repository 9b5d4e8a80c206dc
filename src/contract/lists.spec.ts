import { expect, it } from '@jest/globals';
import type { ArgumentMetadata } from '@nestjs/common';
import { ValidationFailed } from '../common/errors/errors.js';
import { ValidationPipe } from '../common/http/operations/validation.pipe.js';
import { CursorListQuery } from './lists.js';

const QUERY: ArgumentMetadata = { type: 'query', metatype: CursorListQuery };
const read = (query: Record<string, string>) => new ValidationPipe().transform(query, QUERY);

it('asks for 20 rows by default, and for 1 to 100 rows', () => {
  expect(read({})).toMatchObject({ page_size: 20 });
  expect(read({ page_size: '1' })).toMatchObject({ page_size: 1 });
  expect(read({ page_size: '100', cursor: 'x' })).toMatchObject({ page_size: 100, cursor: 'x' });
});

it.each(['0', '101', '-1', '1.5', 'many'])('refuses a page of %s rows', (page_size) => {
  expect(() => read({ page_size })).toThrow(ValidationFailed);
});
