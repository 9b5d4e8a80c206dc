import { canonical } from './canonical-schema.ts';
import { entries, isObject, type Json, list } from './json.ts';

const PROSE = new Set(['summary', 'description', 'tags', 'example', 'examples', 'externalDocs', 'title']);
const SCHEMA_HOLDERS = new Set(['schema']);

/**
 * The part of a published OpenAPI description on which clients depend, as an OpenAPI description: operations,
 * parameters, bodies, responses and components, with schemas in canonical form, without prose, keys sorted.
 */
export function lockOf(published: Json): Json {
  const { openapi, security, paths, components } = published;
  const { schemas, ...others } = isObject(components) ? components : {};
  return sortedKeys({
    openapi,
    info: { title: 'Published contract', version: 'locked' },
    ...(security !== undefined && { security }),
    paths: withoutProse(paths),
    components: { ...(withoutProse(others) as Json), schemas: mapValues(schemas, canonical) },
  }) as Json;
}

/** Removes prose keys of OpenAPI objects only; in maps of schemas, keys are names and are kept. */
function withoutProse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (!isObject(value)) return value;
  const kept = [...entries(value)].filter(([key]) => !PROSE.has(key));
  return Object.fromEntries(
    kept.map(([key, inner]) => [key, SCHEMA_HOLDERS.has(key) ? canonical(inner) : withoutProse(inner)]),
  );
}

function mapValues(value: unknown, change: (inner: unknown) => unknown): Json {
  return Object.fromEntries([...entries(value)].map(([key, inner]) => [key, change(inner)]));
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return list(value).map(sortedKeys);
  if (!isObject(value)) return value;
  const pairs = [...entries(value)].sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(pairs.map(([key, inner]) => [key, sortedKeys(inner)]));
}
