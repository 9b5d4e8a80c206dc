import { COMMON_ATTRIBUTES, type Attribute, findAttribute, type Shape } from './attribute.js';
import { VersionMismatch } from './scim.errors.js';
import { assertFewValues, bodyOf, isObject, type JsonObject, readValue, valueNamed } from './value.js';

/** RFC 7644, section 8.1. */
export const SCIM_JSON = 'application/scim+json; charset=utf-8';

/** Core attributes at the top level, each extension under its URN; names spelled as in the schema. */
export type Resource = JsonObject;

const isWritable = ({ mutability }: Attribute): boolean =>
  mutability !== 'readOnly' && mutability !== 'writeOnly';

/**
 * The resource in a POST or PUT, without read-only attributes (RFC 7644, section 3.3) and without unknown attributes and schemas,
 * which providers send for other services.
 */
export function readResource(shape: Shape, body: unknown): Resource {
  const input = bodyOf(body);
  const resource = readAttributes([...COMMON_ATTRIBUTES, ...shape.core.attributes], input);
  for (const { id, attributes } of shape.extensions) {
    const value = valueNamed(input, id);
    const read = isObject(value) ? readAttributes(attributes, value) : {};
    if (Object.keys(read).length > 0) resource[id] = read;
  }
  return resource;
}

function readAttributes(attributes: readonly Attribute[], input: JsonObject): JsonObject {
  const read: JsonObject = {};
  for (const [name, value] of Object.entries(input)) {
    const attribute = findAttribute(attributes, name);
    if (!attribute || !isWritable(attribute)) continue;
    const kept = readValue(attribute, value);
    if (Array.isArray(kept)) assertFewValues(attribute, kept.length);
    if (kept !== undefined) read[attribute.name] = kept;
  }
  return read;
}

export const schemasOf = ({ core, extensions }: Shape, resource: Resource): string[] => [
  core.id,
  ...extensions.filter(({ id }) => Object.hasOwn(resource, id)).map(({ id }) => id),
];

/** A value of `groups` or `members`. */
export const referenceTo =
  (resources: string, type: string) =>
  ({ id, name }: { readonly id: string; readonly name: string }): JsonObject => ({
    value: id,
    $ref: `${resources}/${id}`,
    display: name,
    type,
  });

/** Weak: `attributes` and `excludedAttributes` show the same version in more than one form. */
export const etagOf = (version: number | string): string => `W/"${version}"`;

/** Whether a header with a list of tags, or `*`, matches (RFC 9110, section 8.8.3.2, weak comparison). */
export function matchesEtag(header: string, etag: string): boolean {
  if (header.trim() === '*') return true;
  return (header.match(/(?:W\/)?"[^"]*"/g) ?? []).some((one) => opaque(one) === opaque(etag));
}

const opaque = (etag: string): string => etag.replace(/^W\//, '');

/** A resource addressed by id, empty if the path has none, and by version, if the client sent `If-Match`. */
export type VersionedTarget = { readonly id: string; readonly ifMatch: string | null };

export function assertVersion({ version }: { version: number }, { ifMatch }: VersionedTarget): void {
  if (ifMatch !== null && !matchesEtag(ifMatch, etagOf(version))) throw new VersionMismatch();
}
