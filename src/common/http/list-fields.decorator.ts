import type { Type } from '@nestjs/common';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsObject, IsString, Matches } from 'class-validator';
import {
  type EnumOptions,
  type Field,
  field,
  type FieldOptions,
  publishEnum,
  reference,
  referenceTo,
  type Schema,
  withModel,
} from './field.decorator.js';
import {
  isListOf,
  isOneOf,
  isStorable,
  isUuid,
  NUL_MESSAGE,
  STORABLE,
  UUID,
  UUID_MESSAGE,
} from './value-checks.js';

type ListOptions = FieldOptions & { minSize?: number; maxSize?: number };
type Item = Pick<Field, 'kind' | 'nested' | 'isPlain'>;

function list(
  { kind, nested, isPlain }: Item,
  items: Schema,
  each: PropertyDecorator[],
  options: ListOptions,
) {
  const checks = [IsArray(), ...each];
  if (options.minSize !== undefined) checks.push(ArrayMinSize(options.minSize));
  if (options.maxSize !== undefined) checks.push(ArrayMaxSize(options.maxSize));
  const shape: Field = { kind: 'list', item: kind };
  if (nested) shape.nested = nested;
  if (isPlain) Object.assign(shape, { isPlain: isListOf(isPlain, options), isPlainItem: isPlain });
  return field(shape, { type: 'array', items }, checks, options);
}

export const TextList = (options: ListOptions = {}) => {
  return list({ kind: 'text', isPlain: isStorable }, { type: 'string' }, EACH_STORABLE, options);
};

const EACH_STORABLE = [IsString({ each: true }), Matches(STORABLE, { each: true, message: NUL_MESSAGE })];

export const UuidList = (options: ListOptions = {}) => {
  const each = [Matches(UUID, { each: true, message: UUID_MESSAGE })];
  return list({ kind: 'uuid', isPlain: isUuid }, { type: 'string', format: 'uuid' }, each, options);
};

/** A list of values of a published enumeration (`schema` is its component name). */
export const ListOfOneOf = (
  values: readonly (string | number)[],
  schema: string,
  options: ListOptions & EnumOptions = {},
) => {
  publishEnum(schema, values);
  const isPlain = options.open ? isStorable : isOneOf(values);
  const each = options.open ? EACH_STORABLE : [IsIn(values, { each: true })];
  return list({ kind: 'text', isPlain }, reference(schema), each, options);
};

export const ListOf = (type: () => Type, options: ListOptions = {}) => {
  const nested = type();
  const each = [IsObject({ each: true })];
  return withModel(nested, list({ kind: 'nested', nested }, referenceTo(nested), each, options));
};
