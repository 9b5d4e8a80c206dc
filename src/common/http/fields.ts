import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiSchema } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
} from 'class-validator';

/**
 * The wire's fields: one decorator says what a property may hold, to class-validator (requests) and to OpenAPI
 * (both directions), so that the two cannot disagree. The order of words is always: `@Uuid({ nullable: true })`.
 */
export type FieldOptions = {
  /** May be absent. A field with a default is optional too. */
  optional?: boolean;
  /** May be null. */
  nullable?: boolean;
  /** Taken when the field is absent, and published. */
  default?: unknown;
  deprecated?: boolean;
  description?: string;
  /** Understood, but not part of the published description. */
  unpublished?: boolean;
};

type Schema = Record<string, unknown>;
type Kind = 'text' | 'uuid' | 'whole' | 'flag' | 'list' | 'nested' | 'other';
export type Field = {
  kind: Kind;
  item?: Kind;
  nested?: Type;
  default?: unknown;
  /** True of values that are right beyond doubt, so that five hundred rows need not all go through class-validator. */
  isPlain?: (value: unknown) => boolean;
};

const fieldsOf = new WeakMap<object, Map<string, Field>>();

/** What the validation pipe needs to know of a class: its fields, its parents' included. */
export function fieldsOfClass(type: Type): ReadonlyMap<string, Field> {
  const known = allFieldsOf.get(type);
  if (known) return known;
  const parent: unknown = Object.getPrototypeOf(type);
  const inherited =
    typeof parent === 'function' && parent.prototype ? fieldsOfClass(parent as Type) : new Map();
  const fields = new Map<string, Field>([...inherited, ...(fieldsOf.get(type.prototype as object) ?? [])]);
  allFieldsOf.set(type, fields);
  return fields;
}

/** A class is whole before anybody asks for its fields, so the answer is kept. */
const allFieldsOf = new WeakMap<Type, ReadonlyMap<string, Field>>();

/** The published defaults of a class, as an instance of it would have them. */
export function defaultsOf<T extends object>(type: Type<T>): Partial<T> {
  const entries = [...fieldsOfClass(type)].map(([name, { default: value }]) => [name, value] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Partial<T>;
}

function field(shape: Field, schema: Schema, checks: PropertyDecorator[], options: FieldOptions) {
  const absent = options.optional || 'default' in options;
  const remember: PropertyDecorator = (target, name) => {
    const known = fieldsOf.get(target) ?? new Map<string, Field>();
    const isPlain = (value: unknown) => skips(value) || (shape.isPlain?.(value) ?? false);
    known.set(String(name), {
      ...shape,
      isPlain,
      ...('default' in options ? { default: options.default } : {}),
    });
    fieldsOf.set(target, known);
  };
  const skips = (value: unknown) =>
    (absent && value === undefined) || (options.nullable === true && value === null);
  return applyDecorators(
    remember,
    published(schema, options, !absent),
    ValidateIf((_, value) => !skips(value)),
    ...checks,
  );
}

function published(schema: Schema, options: FieldOptions, required: boolean): PropertyDecorator {
  if (options.unpublished) return () => undefined;
  const { default: fallback, deprecated, description } = options;
  // A type of our own, or Nest takes the property's for a class where TypeScript has none; the description drops it.
  const typed = options.nullable ? { type: 'string', anyOf: [schema, { type: 'null' }] } : schema;
  return ApiProperty({
    ...typed,
    required,
    ...('default' in options ? { default: fallback } : {}),
    ...(deprecated ? { deprecated } : {}),
    ...(description ? { description } : {}),
  });
}

/** Published names that are no identifiers, such as `orgs.OrganizationInfo`. */
const wireNames = new WeakMap<Type, string>();

export const WireName =
  (name: string): ClassDecorator =>
  (target) => {
    wireNames.set(target as unknown as Type, name);
    ApiSchema({ name })(target);
  };

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const nameOf = (type: Type) => wireNames.get(type) ?? type.name;

/** Enumerations in use, for the OpenAPI description. */
export const publishedEnums = new Map<string, { type: string; enum: (string | number)[] }>();

const publishEnum = (name: string, values: readonly (string | number)[]) =>
  publishedEnums.set(name, {
    type: typeof values[0] === 'number' ? 'integer' : 'string',
    enum: [...values],
  });

type TextOptions = FieldOptions & {
  minLength?: number;
  maxLength?: number;
  pattern?: RegExp;
  format?: string;
};

/** A string that PostgreSQL can store: without NUL, without half of a surrogate pair. */
export const Text = (options: TextOptions = {}) => {
  const { minLength, maxLength, pattern, format } = options;
  const schema = { type: 'string', minLength, maxLength, pattern: pattern?.source, format };
  const checks = [IsString(), Matches(STORABLE, { message: NUL_MESSAGE })];
  if (minLength !== undefined) checks.push(MinLength(minLength));
  if (maxLength !== undefined) checks.push(MaxLength(maxLength));
  if (pattern) checks.push(Matches(pattern, { message: `String should match pattern '${pattern.source}'` }));
  const isOpen = minLength === undefined && maxLength === undefined && pattern === undefined;
  return field(
    { kind: 'text', ...(isOpen ? { isPlain: isStorable } : {}) },
    defined(schema),
    checks,
    options,
  );
};

/** A UUID of any version; upper case is accepted and folded. */
export const Uuid = (options: FieldOptions = {}) =>
  field(
    { kind: 'uuid', isPlain: isUuid },
    { type: 'string', format: 'uuid' },
    [Matches(UUID, { message: UUID_MESSAGE })],
    options,
  );

/** An instant, ISO 8601 with a date and a time. */
export const Instant = (options: FieldOptions = {}) =>
  field(
    { kind: 'text' },
    { type: 'string', format: 'date-time' },
    [IsISO8601({ strict: true }), Matches(WITH_TIME, { message: 'Input should be a valid datetime' })],
    options,
  );

/** True or false. */
export const Flag = (options: FieldOptions = {}) =>
  field({ kind: 'flag', isPlain: isFlag }, { type: 'boolean' }, [IsBoolean()], options);

/** A whole number that fits PostgreSQL's integer, within the bounds, both included. */
export const Whole = (options: FieldOptions & { minimum?: number; maximum?: number } = {}) => {
  const { minimum, maximum } = options;
  const checks = [IsInt(), Min(minimum ?? -LARGEST_INTEGER), Max(maximum ?? LARGEST_INTEGER)];
  return field({ kind: 'whole' }, defined({ type: 'integer', minimum, maximum }), checks, options);
};

/** Any finite number. */
export const Decimal = (options: FieldOptions = {}) =>
  field({ kind: 'other' }, { type: 'number' }, [IsNumber()], options);

/** One of the values of a published enumeration (`schema` is its component name). */
export const OneOf = (values: readonly (string | number)[], schema: string, options: FieldOptions = {}) => {
  publishEnum(schema, values);
  return field({ kind: 'text' }, { ...reference(schema), type: 'string' }, [IsIn(values)], options);
};

/** An object of another wire class. */
export const Nested = (type: () => Type, options: FieldOptions = {}) =>
  withModel(
    type(),
    field({ kind: 'nested', nested: type() }, reference(nameOf(type())), [IsObject()], options),
  );

/** An object with any keys. */
export const Mapping = (options: FieldOptions = {}) =>
  field({ kind: 'other' }, { type: 'object', additionalProperties: true }, [IsObject()], options);

/** Makes OpenAPI publish a class that is only referred to. */
const withModel =
  (type: Type, decorate: PropertyDecorator): PropertyDecorator =>
  (target, name) => {
    ApiExtraModels(type)(target.constructor);
    decorate(target, name);
  };

type ListOptions = FieldOptions & { minSize?: number; maxSize?: number };

const list = (item: Kind, items: Schema, each: PropertyDecorator[], options: ListOptions, nested?: Type) => {
  const checks = [IsArray(), ...each];
  if (options.minSize !== undefined) checks.push(ArrayMinSize(options.minSize));
  if (options.maxSize !== undefined) checks.push(ArrayMaxSize(options.maxSize));
  const isOpen = item === 'uuid' && options.minSize === undefined && options.maxSize === undefined;
  return field(
    { kind: 'list', item, ...(nested ? { nested } : {}), ...(isOpen ? { isPlain: isUuidList } : {}) },
    { type: 'array', items },
    checks,
    options,
  );
};

export const TextList = (options: ListOptions = {}) => {
  const each = [IsString({ each: true }), Matches(STORABLE, { each: true, message: NUL_MESSAGE })];
  return list('text', { type: 'string' }, each, options);
};

export const UuidList = (options: ListOptions = {}) =>
  list(
    'uuid',
    { type: 'string', format: 'uuid' },
    [Matches(UUID, { each: true, message: UUID_MESSAGE })],
    options,
  );

/** Some of the values of a published enumeration (`schema` is its component name). */
export const ListOfOneOf = (
  values: readonly (string | number)[],
  schema: string,
  options: ListOptions = {},
) => {
  publishEnum(schema, values);
  return list('text', reference(schema), [IsIn(values, { each: true })], options);
};

export const ListOf = (type: () => Type, options: ListOptions = {}) =>
  withModel(type(), list('nested', reference(nameOf(type())), [IsObject({ each: true })], options, type()));

const LARGEST_INTEGER = 2_147_483_647;
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const UUID_MESSAGE = 'Input should be a valid UUID';
// oxlint-disable-next-line no-control-regex -- NUL is the point of it
const STORABLE = /^[^\u0000\p{Surrogate}]*$/u;
const NUL_MESSAGE = 'String should hold neither NUL nor unpaired surrogates';
const isStorable = (value: unknown) => typeof value === 'string' && STORABLE.test(value);
const isUuid = (value: unknown) => typeof value === 'string' && UUID.test(value);
const isUuidList = (value: unknown) => Array.isArray(value) && value.every(isUuid);
const isFlag = (value: unknown) => typeof value === 'boolean';
const WITH_TIME = /T\d\d:\d\d/;

const defined = (schema: Schema): Schema =>
  Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
