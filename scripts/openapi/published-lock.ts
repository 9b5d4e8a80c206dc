import { canonical } from './canonical-schema.ts';
import { entries, isObject, type Json, list } from './json.ts';

const PROSE = new Set(['summary', 'description', 'tags', 'example', 'examples', 'externalDocs', 'title']);
const SCHEMA_HOLDERS = new Set(['schema']);

/**
 * The part of a published OpenAPI description that clients depend on, as an OpenAPI description again: operations,
 * parameters, bodies, answers and components, with every schema in its canonical form, without prose, keys sorted.
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

/** Parameters and media types keep their names: only keys of OpenAPI objects are prose, never names in a map of schemas. */
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
