import { describe, expect, it } from '@jest/globals';
import 'reflect-metadata';
import type { Problem } from '../../errors/domain-error.js';
import { ValidationFailed } from '../../errors/errors.js';
import { parseJson } from '../body-parsers.js';
import {
  Flag,
  Instant,
  Integer,
  ListOf,
  Nested,
  OneOf,
  Text,
  TextList,
  Uuid,
  UuidList,
} from './fields.decorator.js';
import { validated, ValidationPipe } from './validation.pipe.js';

class Part {
  @Text() name: string;
  @Integer({ default: 1, minimum: 0 }) size?: number;
}
class Wish {
  @Text({ minLength: 2, maxLength: 4, pattern: /^[a-z]+$/ }) word: string;
  @Text({ nullable: true, optional: true }) note?: string | null;
  @Uuid({ optional: true }) id?: string;
  @Instant({ optional: true }) at?: string;
  @Flag({ default: false }) loud?: boolean;
  @Integer({ optional: true, minimum: 1, maximum: 500 }) limit?: number;
  @OneOf(['red', 'blue'], 'SpecColour', { optional: true }) colour?: 'red' | 'blue';
  @TextList({ optional: true, maxSize: 2 }) tags?: string[];
  @UuidList({ optional: true }) ids?: string[];
  @Nested(() => Part, { optional: true }) part?: Part;
  @ListOf(() => Part, { optional: true }) parts?: Part[];
}
class LouderWish extends Wish {
  @Text({ default: '!' }) mark?: string;
}

const GOOD = { word: 'abc' };
const ID = '0191E5F2-3C4D-7E8F-9A0B-1C2D3E4F5A6B';

function problemsOf(value: unknown, type: new () => object = Wish): readonly Problem[] {
  try {
    validated(type, value, ['body']);
    return [];
  } catch (error) {
    if (error instanceof ValidationFailed) return error.problems!;
    throw error;
  }
}
const asQuery = (query: object) =>
  new ValidationPipe().transform(query, { type: 'query', metatype: Wish }) as Wish;

describe('a valid value', () => {
  it('returns an instance with defaults and without undeclared keys', () => {
    const wish = validated(Wish, { ...GOOD, id: ID, is_admin: true, parts: [{ name: 'a', x: 1 }] }, ['body']);

    expect(wish).toBeInstanceOf(Wish);
    expect(wish).toEqual({ word: 'abc', id: ID.toLowerCase(), loud: false, parts: [{ name: 'a', size: 1 }] });
    expect(wish.parts![0]).toBeInstanceOf(Part);
  });

  it('distinguishes null from an absent field', () => {
    expect(validated(Wish, { ...GOOD, note: null }, ['body']).note).toBeNull();
    expect(validated(Wish, GOOD, ['body']).note).toBeUndefined();
  });

  it('validates the fields of the parent class as well', () => {
    expect(validated(LouderWish, GOOD, ['body'])).toMatchObject({ word: 'abc', loud: false, mark: '!' });
    expect(problemsOf({}, LouderWish)).toMatchObject([{ loc: ['body', 'word'], type: 'missing' }]);
  });

  it('ignores properties of the prototype', () => {
    expect(problemsOf(Object.create(GOOD))).toMatchObject([{ loc: ['body', 'word'], type: 'missing' }]);
    expect(validated(Wish, JSON.parse('{"word":"abc","__proto__":{"loud":true}}'), ['body']).loud).toBe(
      false,
    );
  });
});

describe('an invalid value', () => {
  const cases: [what: string, value: unknown, loc: (string | number)[], type: string][] = [
    ['an absent value', undefined, ['body'], 'missing'],
    ['null', null, ['body'], 'missing'],
    ['a text', 'abc', ['body'], 'model_type'],
    ['a list', [GOOD], ['body'], 'model_type'],
    ['a missing field', {}, ['body', 'word'], 'missing'],
    ['null in a field that is not nullable', { word: null }, ['body', 'word'], 'string_type'],
    ['null in an optional field', { ...GOOD, loud: null }, ['body', 'loud'], 'bool_type'],
    ['a number for a text', { word: 7 }, ['body', 'word'], 'string_type'],
    ['a text that is too short', { word: 'a' }, ['body', 'word'], 'string_too_short'],
    ['a text that is too long', { word: 'abcde' }, ['body', 'word'], 'string_too_long'],
    ['a text that does not match the pattern', { word: 'ABC' }, ['body', 'word'], 'string_pattern_mismatch'],
    ['NUL in a text', { ...GOOD, note: 'a\0' }, ['body', 'note'], 'string_pattern_mismatch'],
    ['NUL in a list', { ...GOOD, tags: ['a', '\0'] }, ['body', 'tags', 1], 'string_pattern_mismatch'],
    ['a malformed UUID', { ...GOOD, id: `${ID}0` }, ['body', 'id'], 'string_pattern_mismatch'],
    ['a malformed UUID in a list', { ...GOOD, ids: [ID, 7] }, ['body', 'ids', 1], 'string_pattern_mismatch'],
    ['a text for a list', { ...GOOD, tags: 'a' }, ['body', 'tags'], 'list_type'],
    ['a list that is too long', { ...GOOD, tags: ['a', 'b', 'c'] }, ['body', 'tags'], 'too_long'],
    ['a date without a time', { ...GOOD, at: '2030-01-01' }, ['body', 'at'], 'datetime_parsing'],
    [
      'a day that does not exist',
      { ...GOOD, at: '2030-02-30T00:00:00Z' },
      ['body', 'at'],
      'datetime_parsing',
    ],
    ['a text for a flag', { ...GOOD, loud: 'true' }, ['body', 'loud'], 'bool_type'],
    ['a text for a number', { ...GOOD, limit: '7' }, ['body', 'limit'], 'int_type'],
    ['a fraction', { ...GOOD, limit: 1.5 }, ['body', 'limit'], 'int_type'],
    ['a number that is too small', { ...GOOD, limit: 0 }, ['body', 'limit'], 'greater_than_equal'],
    ['a number that is too large', { ...GOOD, limit: 501 }, ['body', 'limit'], 'less_than_equal'],
    ['a value outside of the enumeration', { ...GOOD, colour: 'green' }, ['body', 'colour'], 'enum'],
    ['a nested object with a missing field', { ...GOOD, part: {} }, ['body', 'part', 'name'], 'missing'],
    [
      'an object in a list with a missing field',
      { ...GOOD, parts: [{ name: 'a' }, {}] },
      ['body', 'parts', 1, 'name'],
      'missing',
    ],
  ];

  it.each(cases)('reports an invalid value with its location and type: %s', (_, value, loc, type) => {
    expect(problemsOf(value)).toContainEqual({ loc, type, msg: expect.stringMatching(/\w/) });
  });

  it('reports several invalid values at once', () => {
    const places = problemsOf({ word: 1, loud: 1, limit: 0 }).map(({ loc }) => loc[1]);

    expect(places).toEqual(['word', 'loud', 'limit']);
  });
});

describe('a query', () => {
  it('converts the text of a query to the declared types', () => {
    expect(asQuery({ word: 'abc', limit: '7', loud: 'True', tags: 'one' })).toMatchObject({
      limit: 7,
      loud: true,
      tags: ['one'],
    });
    expect(asQuery({ word: 'abc', limit: '+7', loud: '0', tags: ['one', 'two'] })).toMatchObject({
      limit: 7,
      loud: false,
      tags: ['one', 'two'],
    });
  });

  it.each(['', '7.0', '1e2', '0x7', ' 7', '٧'])('refuses a query with a number written as %p', (limit) => {
    expect(() => asQuery({ word: 'abc', limit })).toThrow(ValidationFailed);
  });

  it('reports an invalid query parameter with a location in `query`', () => {
    expect(() => asQuery({ word: 'abc', loud: 'maybe' })).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ loc: ['query', 'loud'] })] }),
    );
  });
});

it('a malformed JSON body is refused when a handler reads it, not when it is parsed', () => {
  let parsed: unknown;
  parseJson({ headers: {} } as never, Buffer.from('{"word":'), (error, body) => {
    expect(error).toBeNull();
    parsed = body;
  });

  for (const metatype of [Wish, Array, Object]) {
    expect(() => new ValidationPipe().transform(parsed, { type: 'body', metatype })).toThrow(
      expect.objectContaining({
        problems: [expect.objectContaining({ loc: ['body'], type: 'json_invalid' })],
      }),
    );
  }
});
