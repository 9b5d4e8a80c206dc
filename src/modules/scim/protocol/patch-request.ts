import {
  type Schema,
  sameName,
  type Shape,
  type AttributePath,
  parseAttributePath,
  type AttributeTarget,
  resolveAttributePath,
} from './attribute.js';
import { type Filter, FilterParser } from './filter.js';
import { ScimError } from './scim.errors.js';
import { assertFewValues, bodyOf, isObject, type JsonObject, valueNamed } from './value.js';

const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const OPERATIONS = ['add', 'replace', 'remove'] as const;
const MAX_OPERATIONS = 1_000;

/** One change of one attribute. `filter` selects values of a multi-valued attribute. */
export type Edit = {
  readonly op: (typeof OPERATIONS)[number];
  readonly target: AttributeTarget;
  readonly filter: Filter | null;
  readonly value: unknown;
};

/**
 * RFC 7644, section 3.5.2. An operation without a path becomes one change per key: plain, dotted, prefixed with a URN, or an
 * extension object under its URN.
 */
export function readPatch(shape: Shape, body: unknown): Edit[] {
  const input = bodyOf(body);
  const operations = valueNamed(input, 'Operations');
  assertPatchSchema(valueNamed(input, 'schemas') ?? []);
  if (!Array.isArray(operations) || operations.length === 0)
    throw new ScimError('invalidSyntax', 'Operations has to be a list with at least one operation.');
  if (operations.length > MAX_OPERATIONS)
    throw new ScimError('tooMany', `At most ${MAX_OPERATIONS} operations are accepted in one request.`);
  const edits = operations.flatMap((operation) => editsOf(shape, operation));
  const byName = Map.groupBy(edits, ({ target }) => target.attribute.name);
  for (const [name, its] of byName) assertFewValues({ name }, its.flatMap(({ value }) => value).length);
  return edits;
}

/** Some clients send no `schemas`; without values it is as if it were absent (RFC 7643, section 2.5). */
function assertPatchSchema(schemas: unknown): void {
  const names = Array.isArray(schemas) ? schemas : [schemas];
  const isNamed = names.some((one) => typeof one === 'string' && sameName(one, PATCH_SCHEMA));
  if (names.length > 0 && !isNamed)
    throw new ScimError('invalidSyntax', `schemas has to name ${PATCH_SCHEMA}.`);
}

function editsOf(shape: Shape, operation: unknown): Edit[] {
  if (!isObject(operation)) throw new ScimError('invalidSyntax', 'An operation has to be a JSON object.');
  const operationName = valueNamed(operation, 'op');
  const op = OPERATIONS.find((name) => typeof operationName === 'string' && sameName(operationName, name));
  if (!op) throw new ScimError('invalidSyntax', `op has to be one of ${OPERATIONS.join(', ')}.`);
  const path = valueNamed(operation, 'path');
  const value = valueNamed(operation, 'value');
  if (typeof path === 'string' && path.trim() !== '') {
    const extension = extensionOf(shape, path);
    return extension ? extensionEdits(shape, op, extension, value) : [pathEdit(shape, op, path, value)];
  }
  if (path !== undefined && path !== null && path !== '')
    throw new ScimError('invalidPath', 'path has to be a string.');
  if (op === 'remove') throw new ScimError('noTarget', 'remove needs a path.');
  if (!isObject(value))
    throw new ScimError('invalidValue', `${op} without a path needs an object of attributes.`);
  return keyEdits(shape, op, value);
}

function pathEdit(shape: Shape, op: Edit['op'], text: string, value: unknown): Edit {
  const { path, filter } = parsePatchPath(text);
  const target = resolveAttributePath(shape, path);
  if (!target) throw new ScimError('invalidPath', `There is no attribute ${text}.`);
  if (isReadOnly(target)) throw new ScimError('mutability', `${text} is read-only.`);
  if (op === 'remove' && isRequired(target))
    throw new ScimError('mutability', `${text} is required and cannot be removed.`);
  if (filter && !target.attribute.multiValued)
    throw new ScimError('invalidPath', `${target.attribute.name} is not a list and cannot be filtered.`);
  if (op !== 'remove' && value === undefined) throw new ScimError('invalidValue', `${op} needs a value.`);
  return { op, target, filter, value };
}

/** All attributes of an extension for `remove` and null, else those in the value. */
function extensionEdits(shape: Shape, op: Edit['op'], extension: Schema, value: unknown): Edit[] {
  const targets = extension.attributes
    .map((attribute) => ({ extension: extension.id, attribute, sub: null }))
    .filter((target) => !isReadOnly(target));
  if (targets.length === 0) throw new ScimError('mutability', `${extension.id} is read-only.`);
  if (op === 'remove' || value === null)
    return targets.map((target) => ({ op: 'remove', target, filter: null, value: undefined }));
  if (!isObject(value))
    throw new ScimError('invalidValue', `${op} of ${extension.id} needs an object of its attributes.`);
  return keyEdits(shape, op, { [extension.id]: value });
}

const extensionOf = ({ extensions }: Shape, urn: string): Schema | undefined =>
  extensions.find(({ id }) => sameName(id, urn.trim()));

/** Unknown and read-only keys are ignored, unlike paths: Okta sends the id along. */
function keyEdits(shape: Shape, op: Edit['op'], values: JsonObject): Edit[] {
  return Object.entries(values).flatMap(([key, value]): Edit[] => {
    const extension = extensionOf(shape, key);
    if (extension && isObject(value)) {
      const within = Object.entries(value).map(([name, part]) => [`${key}:${name}`, part] as const);
      return keyEdits(shape, op, Object.fromEntries(within));
    }
    const { path, filter } = key.includes('[')
      ? parsePatchPath(key)
      : { path: parseAttributePath(key), filter: null };
    const target = path && resolveAttributePath(shape, path);
    return !target || isReadOnly(target) ? [] : [{ op, target, filter, value }];
  });
}

/** RFC 7644, figure 7: an attribute path with an optional value filter and sub-attribute. */
function parsePatchPath(text: string): { path: AttributePath; filter: Filter | null } {
  const parser = new FilterParser(text, 'invalidPath');
  const path = parser.path();
  const filter = parser.consumeBracket('[') ? parser.insideBrackets() : null;
  const sub = filter ? parser.consumeSubAttribute() : null;
  parser.end();
  return { path: sub === null ? path : { ...path, sub }, filter };
}

const isReadOnly = ({ attribute, sub }: AttributeTarget): boolean =>
  attribute.mutability === 'readOnly' || sub?.mutability === 'readOnly';

/** RFC 7644, section 3.5.2.2, but for `emails`, which may be absent (docs/contract/scim.md#users). */
const isRequired = ({ attribute }: AttributeTarget): boolean => attribute.required && !attribute.multiValued;
