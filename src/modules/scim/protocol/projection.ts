import {
  COMMON_ATTRIBUTES,
  type Attribute,
  type Shape,
  parseAttributePath,
  type AttributeTarget,
  resolveAttributePath,
  sameName,
} from './attribute.js';
import type { Resource } from './resource.js';
import { ScimError } from './scim.errors.js';
import { isObject, type Json, type JsonObject } from './value.js';

/** RFC 7644, section 3.9; without a selection, all that are returned by default. */
export type Projection = {
  readonly only: readonly AttributeTarget[] | null;
  readonly without: readonly AttributeTarget[];
};

/** From `attributes` and `excludedAttributes`, at most one of which may be given. Unknown names select nothing. */
export function readProjection(
  shape: Shape,
  attributes: readonly string[] | null,
  excludedAttributes: readonly string[] | null,
): Projection {
  if (attributes && excludedAttributes)
    throw new ScimError('invalidValue', 'Give attributes or excludedAttributes, not both.');
  if (attributes) return { only: targetsOf(shape, attributes), without: [] };
  return { only: null, without: targetsOf(shape, excludedAttributes ?? []) };
}

/** Whether the response will include an attribute of the core schema; if not, it need not be loaded. */
export function includes({ only, without }: Projection, name: string): boolean {
  const names = (target: AttributeTarget) => target.extension === null && target.attribute.name === name;
  return only ? only.some(names) : !without.some((target) => names(target) && target.sub === null);
}

export function project(shape: Shape, resource: Resource, projection: Projection): Resource {
  const kept = (extension: string | null, attributes: readonly Attribute[], values: JsonObject) => {
    const part: JsonObject = {};
    for (const attribute of attributes) {
      const value = keptOf(projection, extension, attribute, values[attribute.name]);
      if (value !== undefined) part[attribute.name] = value;
    }
    return part;
  };
  const projected = kept(null, [...COMMON_ATTRIBUTES, ...shape.core.attributes], resource);
  for (const { id, attributes } of shape.extensions) {
    const extension = resource[id];
    const part = isObject(extension) ? kept(id, attributes, extension) : {};
    if (Object.keys(part).length > 0) projected[id] = part;
  }
  return projected;
}

function keptOf(
  { only, without }: Projection,
  extension: string | null,
  attribute: Attribute,
  value: Json | undefined,
): Json | undefined {
  if (value === undefined || attribute.returned === 'never') return undefined;
  if (attribute.returned === 'always') return value;
  const named = (targets: readonly AttributeTarget[]) =>
    targets.filter((target) => target.extension === extension && target.attribute.name === attribute.name);
  if (only) {
    const wanted = named(only);
    if (wanted.length === 0) return undefined;
    return wanted.some(({ sub }) => sub === null) ? value : parts(value, (name) => isSub(wanted, name));
  }
  const unwanted = named(without);
  if (unwanted.some(({ sub }) => sub === null)) return undefined;
  return unwanted.length === 0 ? value : parts(value, (name) => !isSub(unwanted, name));
}

const isSub = (targets: readonly AttributeTarget[], name: string) =>
  targets.some(({ sub }) => sub?.name === name);

function parts(value: Json, isKept: (name: string) => boolean): Json {
  if (Array.isArray(value)) return value.map((one) => parts(one, isKept));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => isKept(name)));
}

/** Each once: every resource of a page is compared with all of them. */
function targetsOf(shape: Shape, names: readonly string[]): AttributeTarget[] {
  const targets = [...new Set(names)].flatMap((name): AttributeTarget[] => {
    const extension = shape.extensions.find(({ id }) => sameName(id, name.trim()));
    if (extension)
      return extension.attributes.map((attribute) => ({ extension: extension.id, attribute, sub: null }));
    const path = parseAttributePath(name.trim());
    const target = path && resolveAttributePath(shape, path);
    return target ? [target] : [];
  });
  const keyOf = ({ extension, attribute, sub }: AttributeTarget) =>
    `${extension} ${attribute.name} ${sub?.name}`;
  return [...new Map(targets.map((target) => [keyOf(target), target])).values()];
}
