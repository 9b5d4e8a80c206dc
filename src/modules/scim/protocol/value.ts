import { type Attribute, findAttribute, sameName } from './attribute.js';
import { ScimError } from './scim.errors.js';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function bodyOf(body: unknown): JsonObject {
  if (!isObject(body)) throw new ScimError('invalidSyntax', 'The body has to be a JSON object.');
  return body;
}

/** The value under a name in whatever case: providers send both `Operations` and `operations`. */
export const valueNamed = (object: JsonObject, name: string): Json | undefined =>
  Object.entries(object).find(([key]) => sameName(key, name))?.[1];

/** Regardless of the order of properties. */
export const sameJson = (a: Json | undefined, b: Json | undefined): boolean => covers(a, b) && covers(b, a);

/** Whether `a` contains everything in `b`. */
export function covers(a: Json | undefined, b: Json | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && b.every((value, index) => covers(a[index], value));
  if (isObject(a) && isObject(b)) return Object.entries(b).every(([name, value]) => covers(a[name], value));
  return a === b;
}

/** PostgreSQL's UTF-8 text holds neither NUL nor unpaired surrogates. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** @throws ScimError invalidValue for an attribute of the resource with a text that cannot be stored */
export function assertStorable(resource: JsonObject): void {
  for (const [name, value] of Object.entries(resource))
    if (!stringsIn(value).every(isStorable))
      throw new ScimError('invalidValue', `${name} contains a NUL character or an unpaired surrogate.`, {
        attributes: [name],
      });
}

export function stringsIn(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  return isObject(value) || Array.isArray(value) ? Object.values(value).flatMap(stringsIn) : [];
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false };

/**
 * The stored form of a value; undefined for "no value" (null, an empty list or text; RFC 7643, section 2.5). Accepts what providers
 * send instead: booleans as text, integers for text, one value for a list and the reverse, a bare text for an object with `value`.
 */
export function readValue(attribute: Attribute, value: unknown): Json | undefined {
  if (isEmpty(value)) return undefined;
  return attribute.multiValued ? readList(attribute, value) : readSingle(attribute, soleElement(value));
}

/** Entra ID sends a list of one value to single-valued attributes, such as the manager. */
export const soleElement = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;

/** The sub-attributes that an object names without a value; null if it is no object. */
export const clearedParts = (attribute: Attribute, value: unknown): string[] | null =>
  isObject(value)
    ? Object.entries(value).flatMap(([name, part]) =>
        isEmpty(part) ? (findAttribute(attribute.subAttributes, name)?.name ?? []) : [],
      )
    : null;

/** One value of a list, or the value of a single-valued attribute. */
export function readSingle(attribute: Attribute, value: unknown): Json | undefined {
  if (isEmpty(value)) return undefined;
  if (attribute.type === 'complex') return readComplex(attribute, value);
  const simple = unwrapped(value);
  if (isEmpty(simple)) return undefined;
  if (attribute.type === 'boolean') return booleanOf(simple) ?? refuseType(attribute);
  if (attribute.type === 'string' && Number.isSafeInteger(simple)) return String(simple);
  const isText = typeof simple === 'string' && (attribute.type !== 'dateTime' || INSTANT.test(simple));
  return isText ? simple : refuseType(attribute);
}

const MAX_VALUES = 1_000;

/** An edit compares each value with all that are present, except members of groups, which are not loaded. @throws ScimError tooMany */
export function assertFewValues({ name }: Pick<Attribute, 'name'>, count: number): void {
  if (count > MAX_VALUES && name !== 'members')
    throw new ScimError('tooMany', `At most ${MAX_VALUES} values of ${name} are accepted.`);
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** Entra ID sends `{ "value": "x" }` to attributes that are not complex, meaning `"x"`. */
const unwrapped = (value: unknown): unknown =>
  isObject(value) && Object.hasOwn(value, 'value') ? value.value : value;

function readList(attribute: Attribute, value: unknown): Json[] | undefined {
  const values = (Array.isArray(value) ? value : [value])
    .map((a) => readSingle(attribute, a))
    .filter((a) => a !== undefined);
  return values.length === 0 ? undefined : onePrimary(values);
}

/** At most one (RFC 7643, section 2.4): the last that the change marks (RFC 7644, section 3.5.2), else that of `before`. */
export function onePrimary(values: Json[], before: readonly Json[] = []): Json[] {
  const primary = values.filter(isPrimary);
  const kept = primary.findLast((value) => !before.includes(value)) ?? primary.at(-1);
  return values.map((value) => (value !== kept && isPrimary(value) ? { ...value, primary: false } : value));
}

const isPrimary = (value: Json): value is JsonObject => isObject(value) && value.primary === true;

function readComplex(attribute: Attribute, value: unknown): JsonObject | undefined {
  const input = isObject(value) ? value : { value };
  if (!isObject(value) && (Array.isArray(value) || !findAttribute(attribute.subAttributes, 'value')))
    refuseType(attribute);
  const read: JsonObject = {};
  for (const [name, part] of Object.entries(input)) {
    const sub = findAttribute(attribute.subAttributes, name);
    if (!sub || sub.mutability === 'readOnly') continue;
    const kept = readValue(sub, part);
    if (kept !== undefined) read[sub.name] = kept;
  }
  return Object.keys(read).length === 0 ? undefined : read;
}

export function booleanOf(value: unknown): boolean | null {
  const read = typeof value === 'string' ? BOOLEANS[value.toLowerCase()] : value;
  return typeof read === 'boolean' ? read : null;
}

function refuseType({ name, type }: Attribute): never {
  throw new ScimError('invalidValue', `${name} is not a valid ${type}.`);
}
