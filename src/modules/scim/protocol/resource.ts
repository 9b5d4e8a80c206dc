import { COMMON_ATTRIBUTES, type Attribute, findAttribute, sameName, type Shape } from './attribute.js';
import { ScimError, VersionMismatch } from './scim.errors.js';
import { assertFewValues, isObject, type JsonObject, readValue } from './value.js';

/** RFC 7644, section 8.1. */
export const SCIM_JSON = 'application/scim+json; charset=utf-8';

/** Core attributes at the top level, each extension under its URN; names spelled as in the schema. */
export type Resource = JsonObject;

const isWritable = ({ mutability }: Attribute): boolean =>
  mutability !== 'readOnly' && mutability !== 'writeOnly';

/**
 * Reads the resource in a POST or PUT. Read-only attributes are ignored (RFC 7644, section 3.3), and so are unknown
 * attributes and schemas, which providers send for other services.
 */
export function readResource(shape: Shape, body: unknown): Resource {
  if (!isObject(body)) throw new ScimError('invalidSyntax', 'The body has to be a JSON object.');
  const resource = readAttributes([...COMMON_ATTRIBUTES, ...shape.core.attributes], body);
  for (const [key, value] of Object.entries(body)) {
    const extension = shape.extensions.find(({ id }) => sameName(id, key));
    if (!extension || !isObject(value)) continue;
    const read = readAttributes(extension.attributes, value);
    if (Object.keys(read).length > 0) resource[extension.id] = read;
  }
  return resource;
}

/** Whether the body has the attribute, possibly without a value. */
export const namesAttribute = (body: unknown, name: string): boolean =>
  isObject(body) && Object.keys(body).some((key) => sameName(key, name));

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

/** URNs of the schemas that a resource uses. */
export const schemasOf = ({ core, extensions }: Shape, resource: Resource): string[] => [
  core.id,
  ...extensions.filter(({ id }) => Object.hasOwn(resource, id)).map(({ id }) => id),
];

/** Weak: `attributes` and `excludedAttributes` show the same version in more than one form. */
export const etagOf = (version: number | string): string => `W/"${version}"`;

/** Whether a header with a list of tags, or `*`, matches (RFC 9110, section 8.8.3.2, weak comparison). */
export function matchesEtag(header: string, etag: string): boolean {
  if (header.trim() === '*') return true;
  return (header.match(/(?:W\/)?"[^"]*"/g) ?? []).some((one) => opaque(one) === opaque(etag));
}

const opaque = (etag: string): string => etag.replace(/^W\//, '');

/** A resource addressed by id and, if the client sent `If-Match`, by version. */
export type VersionedTarget = { readonly id: string; readonly ifMatch: string | null };

export function assertVersion({ version }: { version: number }, { ifMatch }: VersionedTarget): void {
  if (ifMatch !== null && !matchesEtag(ifMatch, etagOf(version))) throw new VersionMismatch();
}
