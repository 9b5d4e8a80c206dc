import { type Attribute, findAttribute } from './attribute.js';
import type { Filter, FilterValue, Operator } from './filter.js';
import { ScimError } from './scim.errors.js';
import { isObject, type Json, type JsonObject, readSingle } from './value.js';

/**
 * Whether one value of a list matches a filter on its sub-attributes. @throws ScimError for an unknown sub-attribute.
 */
export function matches(filter: Filter, value: Json, attribute: Attribute): boolean {
  if (filter.kind === 'and')
    return matches(filter.left, value, attribute) && matches(filter.right, value, attribute);
  if (filter.kind === 'or')
    return matches(filter.left, value, attribute) || matches(filter.right, value, attribute);
  if (filter.kind === 'not') return !matches(filter.filter, value, attribute);
  if (filter.kind === 'some')
    throw new ScimError('invalidFilter', 'A filter cannot contain a list within a list.');
  const sub = subAttributeOf(attribute, filter.path.name);
  const actual = isObject(value) ? value[sub.name] : undefined;
  if (filter.kind === 'present') return actual !== undefined;
  return compares(sub, actual, filter.operator, filter.value);
}

/**
 * The value that would match the filter: `{ type: "work" }` for `type eq "work"`. Null if the filter does not
 * determine one.
 */
export function valueThatMatches(filter: Filter, attribute: Attribute): JsonObject | null {
  if (filter.kind === 'and') {
    const [left, right] = [
      valueThatMatches(filter.left, attribute),
      valueThatMatches(filter.right, attribute),
    ];
    return left && right && { ...left, ...right };
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.value === null) return null;
  const sub = subAttributeOf(attribute, filter.path.name);
  const text = readSingle(sub, comparable(sub, filter.value));
  return text === undefined ? null : { [sub.name]: text };
}

function subAttributeOf(attribute: Attribute, name: string): Attribute {
  const sub = findAttribute(attribute.subAttributes, name);
  if (!sub) throw new ScimError('invalidFilter', `${attribute.name} has no ${name}.`);
  return sub;
}

function compares(
  sub: Attribute,
  actual: Json | undefined,
  operator: Operator,
  expected: FilterValue,
): boolean {
  const [one, other] = [comparable(sub, actual ?? null), comparable(sub, expected)];
  if (operator === 'eq') return one === other;
  if (operator === 'ne') return one !== other;
  if (typeof one !== 'string' || typeof other !== 'string') return false;
  return TEXT_OPERATORS[operator](one, other);
}

const TEXT_OPERATORS: Record<Exclude<Operator, 'eq' | 'ne'>, (one: string, other: string) => boolean> = {
  co: (one, other) => one.includes(other),
  sw: (one, other) => one.startsWith(other),
  ew: (one, other) => one.endsWith(other),
  gt: (one, other) => one > other,
  ge: (one, other) => one >= other,
  lt: (one, other) => one < other,
  le: (one, other) => one <= other,
};

function comparable(sub: Attribute, value: Json): Json {
  if (typeof value !== 'string') return value;
  if (sub.type === 'boolean') return value.toLowerCase() === 'true';
  return sub.caseExact ? value : value.toLowerCase();
}
