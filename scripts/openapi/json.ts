/** Untrusted JSON; values of an unexpected shape count as absent. */
export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

export function without(json: Json, ...keys: string[]): Json {
  return Object.fromEntries(Object.entries(json).filter(([key]) => !keys.includes(key)));
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A Map, since it has no inherited keys: an API may name a property `constructor`. */
export function entries(value: unknown): Map<string, unknown> {
  return new Map(Object.entries(object(value)));
}

/** JSON with sorted keys, so that equal values have equal text. */
export function spelled(value: unknown): string {
  const withSortedKeys = (_key: string, inner: unknown) =>
    Object.keys(object(inner)).length > 0
      ? Object.fromEntries([...entries(inner)].sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner;
  return JSON.stringify(value, withSortedKeys) ?? 'absent';
}

/** Resolves `$ref` to a component that is not a schema. */
export function resolved(document: Json, value: unknown, followed = new Set<string>()): Json {
  const { $ref } = object(value);
  if (typeof $ref !== 'string' || followed.has($ref)) return object(value);
  const steps = $ref.replace(/^#\//, '').split('/');
  const target = steps.reduce<unknown>((node, step) => entries(node).get(step), document);
  return resolved(document, target, followed.add($ref));
}
