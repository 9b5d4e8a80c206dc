import {
  type ArgumentMetadata,
  Injectable,
  type PipeTransform,
  type Type,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import { validateSync, type ValidationError } from 'class-validator';
import type { Problem } from '../../errors/domain-error.js';
import { UnsupportedContentCoding, ValidationFailed } from '../../errors/errors.js';
import { inNfc } from '../../place-name.js';
import { MalformedJson, UnsupportedBody } from '../body-parsers.js';
import { type Field, fieldsOfClass } from './field.decorator.js';
import { flagOf } from './value-checks.js';

/** class-validator's constraint → the contract's error type (pydantic's type, which clients know). */
const TYPES: Record<string, string> = {
  isString: 'string_type',
  isBoolean: 'bool_type',
  isInt: 'int_type',
  isNumber: 'float_type',
  isArray: 'list_type',
  isObject: 'model_type',
  isIn: 'enum',
  isInstant: 'datetime_parsing',
  isDecimal: 'decimal_parsing',
  matches: 'string_pattern_mismatch',
  min: 'greater_than_equal',
  max: 'less_than_equal',
  minLength: 'string_too_short',
  maxLength: 'string_too_long',
  arrayMinSize: 'too_short',
  arrayMaxSize: 'too_long',
};

const MAX_PROBLEMS = 5_000; // in one response; ten for each row of the longest batch
const MAX_LIST_LENGTH = 10_000; // items; a longer list is not validated item by item

const SEND_JSON = 'The body has to be JSON: send it with `Content-Type: application/json`.';

/**
 * Body or query → an instance of the declared class, or 422 naming every problem with its location. Undeclared keys are
 * dropped, since clients may be newer. Values are not converted, except in the query, where all values are text.
 */
@Injectable()
export class ValidationPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'body') assertJson(value);
    if (!metatype || (type !== 'body' && type !== 'query') || fieldsOfClass(metatype).size === 0)
      return value;
    return validated(metatype, type === 'query' ? fromQuery(metatype, value) : value, [type]);
  }
}

/**
 * Refuses the stand-ins of bodies that could not be parsed; every reader of a body calls it.
 *
 * @throws UnsupportedMediaTypeException, UnsupportedContentCoding or ValidationFailed
 */
export function assertJson(body: unknown): void {
  if (body instanceof UnsupportedBody)
    throw body.isEncoded ? new UnsupportedContentCoding() : new UnsupportedMediaTypeException(SEND_JSON);
  if (body instanceof MalformedJson) throw new ValidationFailed(body.problems);
}

/**
 * `value` as an instance of `type`.
 *
 * @throws ValidationFailed with locations below `loc`
 */
export function validated<T extends object>(type: Type<T>, value: unknown, loc: Problem['loc']): T {
  const problems: Problem[] = [];
  const instance = check(type, value, loc, problems);
  if (problems.length > 0) throw new ValidationFailed(problems);
  return instance as T;
}

/** Adds to `problems` instead of throwing, so that a list can report all of its rows. Null if there are any. */
export function check(type: Type, value: unknown, loc: Problem['loc'], problems: Problem[]): object | null {
  if (problems.length >= MAX_PROBLEMS) return null;
  if (value === undefined || value === null) {
    problems.push({ loc, msg: 'Field required', type: 'missing' });
    return null;
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    problems.push({ loc, msg: 'Input should be a valid dictionary', type: 'model_type' });
    return null;
  }
  const oversized = oversizedLists(type, value as Record<string, unknown>, loc);
  if (oversized.length > 0) {
    problems.push(...oversized);
    return null;
  }
  const instance = declaredKeys(type, value as Record<string, unknown>, loc, problems);
  if (isPlain(type, instance)) return instance;
  const errors = validateSync(instance, { stopAtFirstError: true, validationError: { target: false } });
  for (const error of errors) {
    const problem = toProblem(error, loc);
    const located = atItems(problem, error, fieldsOfClass(type).get(error.property));
    problems.push(...located.slice(0, MAX_PROBLEMS - problems.length));
  }
  return instance;
}

function oversizedLists(type: Type, value: Record<string, unknown>, loc: Problem['loc']): Problem[] {
  const problems: Problem[] = [];
  for (const [name, { kind }] of fieldsOfClass(type)) {
    const given = kind === 'list' && Object.hasOwn(value, name) ? value[name] : null;
    if (Array.isArray(given) && given.length > MAX_LIST_LENGTH)
      problems.push(tooLong([...loc, name], MAX_LIST_LENGTH, given.length));
  }
  return problems;
}

/** The problem of a list with too many items. */
export const tooLong = (loc: Problem['loc'], most: number, length: number): Problem => ({
  loc,
  msg: `List should have at most ${most} items after validation, not ${length}`,
  type: 'too_long',
});

function isPlain(type: Type, instance: Record<string, unknown>): boolean {
  for (const [name, field] of fieldsOfClass(type)) if (!field.isPlain?.(instance[name])) return false;
  return true;
}

/** A new instance with the declared keys only, nested objects included, and with defaults. */
function declaredKeys(type: Type, value: Record<string, unknown>, loc: Problem['loc'], problems: Problem[]) {
  const instance = new (type as Type<Record<string, unknown>>)();
  for (const [name, field] of fieldsOfClass(type)) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    const nested =
      given === undefined || given === null ? given : nestedValue(field, given, [...loc, name], problems);
    instance[name] = nested === undefined ? field.default : nested;
  }
  return instance;
}

function nestedValue(field: Field, value: unknown, loc: Problem['loc'], problems: Problem[]): unknown {
  const { nested } = field;
  if (field.kind === 'uuid') return lowerCase(value);
  if (field.kind === 'name') return typeof value === 'string' ? inNfc(value) : value;
  if (field.item === 'uuid' && Array.isArray(value)) return value.map(lowerCase);
  if (!nested) return value;
  if (field.kind === 'nested') return check(nested, value, loc, problems) ?? value;
  if (!Array.isArray(value)) return value;
  return value.map((item, index) => check(nested, item, [...loc, index], problems) ?? item);
}

const lowerCase = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

function toProblem(error: ValidationError, loc: Problem['loc']): Problem {
  const path = [...loc, error.property];
  if (error.value === undefined) return { loc: path, msg: 'Field required', type: 'missing' };
  const [constraint, message] = Object.entries(error.constraints ?? {})[0] ?? ['invalid', 'Invalid value'];
  return { loc: path, msg: message, type: TYPES[constraint] ?? 'value_error' };
}

/** Repeats the problem for each invalid item of a list; a repeated key in the query has no indexes. */
function atItems(problem: Problem, { value }: ValidationError, field?: Field): Problem[] {
  const isPlainItem = field?.isPlainItem;
  if (!isPlainItem || !Array.isArray(value) || problem.loc[0] === 'query') return [problem];
  const indexes = [...value.keys()].filter((index) => !isPlainItem(value[index]));
  if (indexes.length === 0) return [problem]; // too long or too short; the items are valid
  return indexes.map((index) => ({ ...problem, loc: [...problem.loc, index] }));
}

function fromQuery(type: Type, query: unknown): Record<string, unknown> {
  const given = query as Record<string, unknown>;
  return Object.fromEntries(
    [...fieldsOfClass(type)].map(([name, field]) => [name, fromText(field, given[name])]),
  );
}

/** Query text → the declared type; text that cannot be converted is left for class-validator to refuse. */
function fromText(field: Field, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (field.kind === 'list') return Array.isArray(value) ? value : [value];
  if (typeof value !== 'string') return value;
  if (field.kind === 'whole' && /^[+-]?\d{1,15}$/.test(value)) return Number(value);
  if (field.kind === 'flag') return flagOf(value) ?? value;
  return value;
}
