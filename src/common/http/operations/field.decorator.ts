import { applyDecorators, type Type } from '@nestjs/common';
import { ValidateIf } from 'class-validator';
import { ApiExtraModels, ApiProperty, ApiSchema } from './swagger.decorator.js';
import type { ValueCheck } from './value-checks.js';

/** Options of all fields; the kinds of fields are in `fields.decorator.ts`. */
export type FieldOptions = {
  /** May be absent. A field with a default is optional too. */
  optional?: boolean;
  nullable?: boolean;
  /** Value of an absent field; published in the description. */
  default?: unknown;
  deprecated?: boolean;
  description?: string;
  /** Accepted, but left out of the published description. */
  unpublished?: boolean;
};

/** May be absent or null. */
export const NULLISH = { nullable: true, optional: true };

/** `open`: other texts are accepted too, for the handler to decide; the values are only published. */
export type EnumOptions = { open?: boolean };

export type Schema = Record<string, unknown>;
type Kind = 'text' | 'name' | 'uuid' | 'whole' | 'flag' | 'list' | 'nested' | 'other';
export type Field = {
  kind: Kind;
  item?: Kind;
  nested?: Type;
  default?: unknown;
  /** A fast check that replaces class-validator for valid values; class-validator takes ten times as long per row. */
  isPlain?: ValueCheck;
  /** The same for one item of a list, so that an invalid item is named with its index. */
  isPlainItem?: ValueCheck;
};

const fieldsOf = new WeakMap<object, Map<string, Field>>();

/** The fields of a class, including its parent classes' fields, for the validation pipe. */
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

/** Cached, since all fields are declared before the first look-up. */
const allFieldsOf = new WeakMap<Type, ReadonlyMap<string, Field>>();

/** The published defaults of a class, as its instances have them. */
export function defaultsOf<T extends object>(type: Type<T>): Partial<T> {
  const entries = [...fieldsOfClass(type)].map(([name, { default: value }]) => [name, value] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Partial<T>;
}

export function field(shape: Field, schema: Schema, checks: PropertyDecorator[], options: FieldOptions) {
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
  // An explicit type, since Nest would take the property's type for a class where TypeScript emits none; dropped
  // later.
  const typed = options.nullable ? { type: 'string', anyOf: [schema, { type: 'null' }] } : schema;
  return ApiProperty({
    ...typed,
    required,
    ...('default' in options ? { default: fallback } : {}),
    ...(deprecated ? { deprecated } : {}),
    ...(description ? { description } : {}),
  });
}

/** Published names that are not valid identifiers, such as `orgs.OrganizationInfo`. */
const wireNames = new WeakMap<Type, string>();

export const WireName =
  (name: string): ClassDecorator =>
  (target) => {
    wireNames.set(target as unknown as Type, name);
    ApiSchema({ name })(target);
  };

export const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
export const referenceTo = (type: Type) => reference(wireNames.get(type) ?? type.name);

/** The enumerations in use, for the OpenAPI description. */
export const publishedEnums = new Map<string, { type: string; enum: (string | number)[] }>();

export const publishEnum = (name: string, values: readonly (string | number)[]) =>
  publishedEnums.set(name, {
    type: typeof values[0] === 'number' ? 'integer' : 'string',
    enum: [...values],
  });

/** Publishes a class that is only referred to. */
export const withModel =
  (type: Type, decorate: PropertyDecorator): PropertyDecorator =>
  (target, name) => {
    ApiExtraModels(type)(target.constructor);
    decorate(target, name);
  };
