import type { Type } from '@nestjs/common';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateBy,
} from 'class-validator';
import {
  type EnumOptions,
  field,
  type Field,
  type FieldOptions,
  NULLISH,
  publishEnum,
  reference,
  referenceTo,
  type Schema,
  withModel,
} from './field.decorator.js';
import { PLACE_NAME, PLACE_NAME_SIGNS } from '../../place-name.js';
import { isInstant } from './instant.js';
import {
  INVISIBLE,
  INVISIBLE_MESSAGE,
  isFlag,
  isInteger,
  isListOf,
  isOneOf,
  isPersonName,
  isStorable,
  isStorableUpTo,
  isUuid,
  NUL_MESSAGE,
  PERSON_NAME_MESSAGE,
  STORABLE,
  UUID,
  UUID_MESSAGE,
} from './value-checks.js';

/*
 * Field decorators: each declares a property for class-validator (requests) and for OpenAPI (requests and responses),
 * so that the two cannot diverge. Options follow the name: `@Uuid({ nullable: true })`.
 */

export { NULLISH, WireName } from './field.decorator.js';

/** Bounds names and descriptions, which occur in lists of up to five hundred rows. */
export const MAX_NAME_LENGTH = 255;
export const MAX_DESCRIPTION_LENGTH = 10_000;

type TextOptions = FieldOptions & {
  minLength?: number;
  maxLength?: number;
  /** Like `maxLength`, but not published. */
  unpublishedMaxLength?: number;
  pattern?: RegExp;
  format?: string;
  /** A name that people distinguish by sight: without `INVISIBLE` characters. */
  visible?: boolean;
};

/** A string that PostgreSQL can store: without NUL and without unpaired surrogates. */
export const Text = (options: TextOptions = {}) => {
  const { minLength, maxLength, unpublishedMaxLength, pattern, format, visible } = options;
  const schema = { type: 'string', minLength, maxLength, pattern: pattern?.source, format };
  const checks = [IsString(), Matches(STORABLE, { message: NUL_MESSAGE })];
  if (minLength !== undefined) checks.push(MinLength(minLength));
  const limit = unpublishedMaxLength ?? maxLength;
  if (limit !== undefined) checks.push(MaxLength(limit));
  if (pattern) checks.push(Matches(pattern, { message: `String should match pattern '${pattern.source}'` }));
  if (visible) checks.push(Matches(ALL_VISIBLE, { message: INVISIBLE_MESSAGE }));
  const isOpen = minLength === undefined && maxLength === undefined && pattern === undefined && !visible;
  return field(
    { kind: 'text', ...(isOpen ? { isPlain: isStorableUpTo(unpublishedMaxLength) } : {}) },
    defined(schema),
    checks,
    options,
  );
};

/** The name of a person (docs/contract/http.md#names). */
export const PersonName = () =>
  field(
    { kind: 'text', isPlain: (value) => isPersonName(value) && isStorableUpTo(MAX_NAME_LENGTH)(value) },
    { type: 'string' },
    [IsString(), MaxLength(MAX_NAME_LENGTH), IsPersonName],
    NULLISH,
  );

/** The name of a workspace or organization. @param published narrower than what is accepted (docs/contract/http.md#names) */
export const PlaceName = (published: RegExp, options: FieldOptions = {}) =>
  field(
    { kind: 'name' },
    { type: 'string', minLength: 1, pattern: published.source },
    [
      IsString(),
      MinLength(1),
      MaxLength(MAX_NAME_LENGTH),
      Matches(PLACE_NAME, { message: `String should hold only ${PLACE_NAME_SIGNS}` }),
    ],
    options,
  );

/** A UUID of any version; upper case is accepted and lower-cased. */
export const Uuid = (options: FieldOptions = {}) =>
  field(
    { kind: 'uuid', isPlain: isUuid },
    { type: 'string', format: 'uuid' },
    [Matches(UUID, { message: UUID_MESSAGE })],
    options,
  );

/** An instant in ISO 8601 with a calendar date and a time. */
export const Instant = (options: FieldOptions = {}) =>
  field({ kind: 'text' }, { type: 'string', format: 'date-time' }, [IsInstant], options);

export const Flag = (options: FieldOptions = {}) =>
  field({ kind: 'flag', isPlain: isFlag }, { type: 'boolean' }, [IsBoolean()], options);

/** An integer of PostgreSQL's type `integer`, within the bounds, both inclusive. */
export const Integer = (options: FieldOptions & { minimum?: number; maximum?: number } = {}) => {
  const { minimum, maximum } = options;
  const [min, most] = [minimum ?? -MAX_INTEGER, maximum ?? MAX_INTEGER];
  return field(
    { kind: 'whole', isPlain: isInteger(min, most) },
    defined({ type: 'integer', minimum, maximum }),
    [IsInt(), Min(min), Max(most)],
    options,
  );
};

/** Any finite number. */
export const Decimal = (options: FieldOptions = {}) =>
  field({ kind: 'other' }, { type: 'number' }, [IsNumber()], options);

/** A decimal number that is not negative, also as text: clients write amounts in either way. */
export const DecimalOrText = (options: FieldOptions = {}) =>
  field({ kind: 'other' }, { anyOf: [{ type: 'number' }, { type: 'string' }] }, [IsDecimalOrText], options);

/** One of the values of a published enumeration (`schema` is its component name). */
export const OneOf = (
  values: readonly (string | number)[],
  schema: string,
  options: FieldOptions & EnumOptions = {},
) => {
  publishEnum(schema, values);
  return field(
    { kind: 'text', isPlain: options.open ? isStorable : isOneOf(values) },
    { ...reference(schema), type: 'string' },
    options.open ? [IsString(), Matches(STORABLE, { message: NUL_MESSAGE })] : [IsIn(values)],
    options,
  );
};

/** An object of another request or response class. */
export const Nested = (type: () => Type, options: FieldOptions = {}) =>
  withModel(type(), field({ kind: 'nested', nested: type() }, referenceTo(type()), [IsObject()], options));

/** An object with any keys; `values` and `maxProperties` are only published, the caller checks them. */
export const Mapping = (options: FieldOptions & { values?: Schema; maxProperties?: number } = {}) => {
  const { values: additionalProperties = true, maxProperties } = options;
  const schema = defined({ type: 'object', additionalProperties, maxProperties });
  return field({ kind: 'other' }, schema, [IsObject()], options);
};

/** A field that is null or absent here, with a message that names what is meant instead. */
export const Misnamed = (message: string) =>
  field(
    { kind: 'other' },
    {},
    [
      ValidateBy({
        name: 'isNotMisnamed',
        validator: { validate: () => false, defaultMessage: () => message },
      }),
    ],
    { ...NULLISH, unpublished: true },
  );

const ALL_VISIBLE = new RegExp(`^(?!.*${INVISIBLE.source})`, 'us');
const MAX_INTEGER = 2_147_483_647;
const DECIMAL = /^\d{1,15}(\.\d{1,6})?$/;
const IsDecimalOrText = ValidateBy({
  name: 'isDecimal',
  validator: {
    validate: (value) => /^(number|string)$/.test(typeof value) && DECIMAL.test(String(value)),
    defaultMessage: () => 'Input should be a decimal number, at least 0',
  },
});
const IsPersonName = ValidateBy({
  name: 'isPersonName',
  validator: { validate: isPersonName, defaultMessage: () => PERSON_NAME_MESSAGE },
});
const IsInstant = ValidateBy({
  name: 'isInstant',
  validator: { validate: isInstant, defaultMessage: () => 'Input should be a valid datetime' },
});

const defined = (schema: Schema): Schema =>
  Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));

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
