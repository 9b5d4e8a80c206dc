import { type Attribute, findAttribute } from './attribute.js';
import type { Edit } from './patch-request.js';
import type { Resource } from './resource.js';
import { ScimError } from './scim.errors.js';
import {
  assertFewValues,
  clearedParts,
  covers,
  isObject,
  type Json,
  type JsonObject,
  onePrimary,
  readSingle,
  readValue,
  sameJson,
  soleElement,
} from './value.js';
import type { Filter, FilterValue, Operator } from './filter.js';

/** A new resource, so that a failing edit has no effect. Applying the same edits again changes nothing. */
export function applyEdits(resource: Resource, edits: readonly Edit[]): Resource {
  const changed = structuredClone(resource);
  for (const edit of edits) apply(changed, edit);
  return changed;
}

function apply(resource: Resource, edit: Edit): void {
  const { extension, attribute } = edit.target;
  if (attribute.mutability === 'writeOnly') return; // a password: accepted and discarded
  const holder = extension === null ? resource : (asObject(resource[extension]) ?? {});
  const before = holder[attribute.name];
  const after = edited(before, edit);
  if (lengthOf(after) > lengthOf(before)) assertFewValues(attribute, lengthOf(after));
  if (isAbsent(after)) delete holder[attribute.name];
  else holder[attribute.name] = after;
  if (extension === null) return;
  if (Object.keys(holder).length === 0) delete resource[extension];
  else resource[extension] = holder;
}

const lengthOf = (value: Json | undefined): number => (Array.isArray(value) ? value.length : 0);

function edited(before: Json | undefined, edit: Edit): Json | undefined {
  const { attribute, sub } = edit.target;
  if (attribute.multiValued) return editedList(Array.isArray(before) ? before : [], edit);
  if (sub) return withPart(asObject(before) ?? {}, sub, edit);
  if (edit.op === 'remove') return undefined;
  return attribute.type === 'complex'
    ? merged(attribute, before, edit.value)
    : readValue(attribute, edit.value);
}

/** Sub-attributes that are not named keep their value (RFC 7644, section 3.5.2.3), and null clears one (docs/contract/scim.md#users). */
function merged(attribute: Attribute, before: Json | undefined, value: unknown): JsonObject | undefined {
  const sole = soleElement(value);
  const given = asObject(readSingle(attribute, sole));
  const cleared = clearedParts(attribute, sole);
  if (!given && !cleared) return undefined;
  const after = { ...asObject(before), ...given };
  for (const name of cleared ?? []) delete after[name];
  return after;
}

function editedList(before: readonly Json[], edit: Edit): Json[] {
  const { attribute, sub } = edit.target;
  if (edit.filter) return editedMatching(before, edit, edit.filter);
  if (sub) return editedParts(before, edit, sub);
  if (edit.op === 'remove') return withoutValues(before, attribute, edit.value);
  const given = readList(attribute, edit.value);
  return edit.op === 'replace' ? given : joined(before, given);
}

/** Removes all values, or the listed ones: Entra ID removes members by a list of values. */
function withoutValues(before: readonly Json[], attribute: Attribute, listed: unknown): Json[] {
  if (listed === undefined || listed === null) return [];
  const removed = readList(attribute, listed);
  return before.filter((value) => !removed.some((one) => isSame(one, value)));
}

/** Adds the values that are not present. A value with more details than a present one, such as `primary`, updates it. */
function joined(before: readonly Json[], given: readonly Json[]): Json[] {
  const values = [...before];
  for (const value of given) {
    if (before.some((one) => covers(one, value))) continue;
    const same = values.findIndex((one) => isSameValue(one, value));
    if (same === -1) values.push(value);
    else values[same] = { ...(values[same] as JsonObject), ...(value as JsonObject) };
  }
  return onePrimary(values, before);
}

/** A value with its type occurs once in a list (RFC 7643, section 2.4). */
const isSameValue = (one: Json, other: Json): boolean =>
  isObject(one) &&
  isObject(other) &&
  one.value !== undefined &&
  one.value === other.value &&
  one.type === other.type;

const isSame = (one: Json, other: Json): boolean =>
  isObject(one) && isObject(other) && one.value !== undefined
    ? one.value === other.value
    : sameJson(one, other);

/** Edits the values that match the filter; if none does, adds the value that the filter describes. */
function editedMatching(before: readonly Json[], edit: Edit, filter: Filter): Json[] {
  const { attribute } = edit.target;
  const isChosen = before.map((value) => matches(filter, value, attribute));
  if (isChosen.includes(true))
    return onePrimary(
      before.flatMap((value, index) => (isChosen[index] ? editedValue(value, edit) : [value])),
      before,
    );
  if (edit.op === 'remove') return [...before];
  const made = valueThatMatches(filter, attribute);
  if (!made) throw new ScimError('noTarget', `No value of ${attribute.name} matches the filter.`);
  return onePrimary([...before, ...editedValue(made, { ...edit, op: 'add' })], before);
}

function editedValue(value: Json, edit: Edit): Json[] {
  const { attribute, sub } = edit.target;
  if (sub) return editedPart(value, sub, edit);
  if (edit.op === 'remove') return [];
  const after =
    edit.op === 'add'
      ? merged(attribute, value, edit.value)
      : readSingle(attribute, Array.isArray(edit.value) ? edit.value[0] : edit.value);
  return isAbsent(after) ? [] : [after];
}

function editedParts(before: readonly Json[], edit: Edit, sub: Attribute): Json[] {
  const values = before.length === 0 && edit.op !== 'remove' ? [{}] : before;
  return onePrimary(values.flatMap((value) => editedPart(value, sub, edit)));
}

function editedPart(value: Json, sub: Attribute, edit: Edit): JsonObject[] {
  const after = withPart(asObject(value) ?? {}, sub, edit);
  return Object.keys(after).length === 0 ? [] : [after];
}

function withPart(value: JsonObject, sub: Attribute, edit: Edit): JsonObject {
  const after = { ...value };
  const given = edit.op === 'remove' ? undefined : readValue(sub, edit.value);
  if (given === undefined) delete after[sub.name];
  else after[sub.name] = given;
  return after;
}

const readList = (attribute: Attribute, value: unknown): Json[] =>
  (readValue(attribute, value) as Json[] | undefined) ?? [];

const asObject = (value: Json | undefined): JsonObject | null => (isObject(value) ? value : null);

const isAbsent = (value: Json | undefined): value is undefined =>
  value === undefined ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);

/** @throws ScimError for an unknown sub-attribute */
function matches(filter: Filter, value: Json, attribute: Attribute): boolean {
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

/** `{ type: "work" }` for `type eq "work"`. Null if the filter does not determine a value. */
function valueThatMatches(filter: Filter, attribute: Attribute): JsonObject | null {
  if (filter.kind === 'and') {
    const left = valueThatMatches(filter.left, attribute);
    const right = valueThatMatches(filter.right, attribute);
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
