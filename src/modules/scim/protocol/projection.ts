import { COMMON_ATTRIBUTES, type Attribute, type Shape } from './attribute.js';
import { type AttributePath, parseAttributePath, type Place, placeOf } from './attribute-path.js';
import type { Resource } from './resource.js';
import { ScimError } from './scim-error.js';
import { isObject, type Json, type JsonObject } from './value.js';

/** Which attributes a client wants back (RFC 7644, section 3.9); neither: all that are returned by default. */
export type Projection = { readonly only: readonly Place[] | null; readonly without: readonly Place[] };

export const EVERYTHING: Projection = { only: null, without: [] };

/** From `attributes` and `excludedAttributes`, of which one at most may be given. Names nobody knows select nothing. */
export function readProjection(
  shape: Shape,
  attributes: readonly string[] | null,
  excludedAttributes: readonly string[] | null,
): Projection {
  if (attributes && excludedAttributes)
    throw new ScimError('invalidValue', 'Give attributes or excludedAttributes, not both.');
  if (attributes) return { only: placesOf(shape, attributes), without: [] };
  return { only: null, without: placesOf(shape, excludedAttributes ?? []) };
}

/** Whether an attribute of the core schema will be in the answer, so that nobody fetches what is dropped again. */
export function includes({ only, without }: Projection, name: string): boolean {
  const names = (place: Place) => place.extension === null && place.attribute.name === name;
  return only ? only.some(names) : !without.some((place) => names(place) && place.sub === null);
}

export function project(shape: Shape, resource: Resource, projection: Projection): Resource {
  const answer: Resource = {};
  const core = [...COMMON_ATTRIBUTES, ...shape.core.attributes];
  for (const { attribute, value } of held(core, resource)) {
    const kept = keep(projection, null, attribute, value);
    if (kept !== undefined) answer[attribute.name] = kept;
  }
  for (const { id, attributes } of shape.extensions) {
    const extension = resource[id];
    if (!isObject(extension)) continue;
    const kept: JsonObject = {};
    for (const { attribute, value } of held(attributes, extension)) {
      const part = keep(projection, id, attribute, value);
      if (part !== undefined) kept[attribute.name] = part;
    }
    if (Object.keys(kept).length > 0) answer[id] = kept;
  }
  return answer;
}

const held = (attributes: readonly Attribute[], values: JsonObject) =>
  attributes.flatMap((attribute) => {
    const value = values[attribute.name];
    return value === undefined || attribute.returned === 'never' ? [] : [{ attribute, value }];
  });

function keep({ only, without }: Projection, extension: string | null, attribute: Attribute, value: Json) {
  if (attribute.returned === 'always') return value;
  const named = (places: readonly Place[]) =>
    places.filter((place) => place.extension === extension && place.attribute.name === attribute.name);
  if (only) {
    const wanted = named(only);
    if (wanted.length === 0) return undefined;
    return wanted.some(({ sub }) => sub === null) ? value : parts(value, (name) => isSub(wanted, name));
  }
  const unwanted = named(without);
  if (unwanted.some(({ sub }) => sub === null)) return undefined;
  return unwanted.length === 0 ? value : parts(value, (name) => !isSub(unwanted, name));
}

const isSub = (places: readonly Place[], name: string) => places.some(({ sub }) => sub?.name === name);

function parts(value: Json, isKept: (name: string) => boolean): Json {
  if (Array.isArray(value)) return value.map((one) => parts(one, isKept));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => isKept(name)));
}

function placesOf(shape: Shape, names: readonly string[]): Place[] {
  return names.flatMap((name): Place[] => {
    const extension = shape.extensions.find(({ id }) => id.toLowerCase() === name.trim().toLowerCase());
    if (extension)
      return extension.attributes.map((attribute) => ({ extension: extension.id, attribute, sub: null }));
    const path: AttributePath | null = parseAttributePath(name.trim());
    const place = path && placeOf(shape, path);
    return place ? [place] : [];
  });
}
