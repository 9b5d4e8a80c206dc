import { entries, isObject, type Json, list, object, spelled, without } from './json.ts';

export const SCHEMAS = '#/components/schemas/';
export const COMBINATORS = ['anyOf', 'oneOf', 'allOf'];

/** The kind of a schema; references are marked, so that a component named `string` is not mistaken for the type. */
export function kindOf(schema: Json): string {
  const { $ref, type, not } = schema;
  if (typeof $ref === 'string') return `$ref ${$ref.replace(SCHEMAS, '')}`;
  if (type !== undefined) return list(type).join('|') || String(type);
  const combinator = COMBINATORS.find((keyword) => Array.isArray(schema[keyword]));
  if (!combinator) return spelled(not) === '{}' ? 'never' : 'any';
  const kinds = list(schema[combinator]).map((variant) => kindOf(object(variant)));
  return `${combinator} (${kinds.join(', ')})`;
}

const ANNOTATIONS = new Set(['title', 'description', 'example', 'examples']);
const FALSE_WHEN_ABSENT = new Set(['nullable', 'deprecated', 'readOnly', 'writeOnly', 'uniqueItems']);

/** One notation for equivalent schemas: no annotations, sets sorted, null as `nullable`, `true` as `{}`. */
export function canonical(schema: unknown): Json {
  if (schema === false) return { not: {} };
  const keywords = [...entries(schema)]
    .filter(
      ([keyword, value]) => !ANNOTATIONS.has(keyword) && (value !== false || !FALSE_WHEN_ABSENT.has(keyword)),
    )
    .map(([keyword, value]) => [keyword, canonicalValue(keyword, value)]);
  const unwrapped = COMBINATORS.reduce(unwrapLone, liftNull(Object.fromEntries(keywords)));
  if (!unwrapped.nullable || !unwrapped.enum) return unwrapped;
  return { ...unwrapped, enum: list(unwrapped.enum).filter((value) => value !== null) };
}

function canonicalValue(keyword: string, value: unknown): unknown {
  if (keyword === 'properties')
    return Object.fromEntries([...entries(value)].map(([name, schema]) => [name, canonical(schema)]));
  if (['items', 'additionalProperties', 'not'].includes(keyword)) return canonical(value);
  if (COMBINATORS.includes(keyword)) return sorted(list(value).map(canonical));
  return keyword === 'enum' ? sorted([...new Set(list(value))]) : value;
}

/** Replaces a null among types or variants by `nullable`. */
function liftNull(schema: Json): Json {
  const lifted: Record<string, unknown> = { ...schema };
  for (const keyword of ['type', 'anyOf', 'oneOf']) {
    const variants = list(schema[keyword]);
    const others = variants.filter((variant) => variant !== 'null' && object(variant).type !== 'null');
    if (others.length === 0) continue;
    lifted[keyword] = sorted(
      others.map((variant) => (isObject(variant) ? without(variant, 'nullable') : variant)),
    );
    if (others.length < variants.length || others.some((variant) => object(variant).nullable))
      lifted.nullable = true;
  }
  return lifted;
}

/** Replaces a single variant by its schema, unless a keyword occurs both in it and beside it. */
function unwrapLone(schema: Json, combinator: string): Json {
  const [lone, ...more] = list(schema[combinator]).map(object);
  if (!lone || more.length > 0) return schema;
  // OpenAPI 3.0 allows `nullable` only beside a type, so a nullable reference comes with `type: object`.
  const isNullableReference = lone.$ref && schema.nullable && schema.type === 'object';
  const beside = without(schema, combinator, ...(isNullableReference ? ['type'] : []));
  const isAmbiguous = Object.keys(lone).some((keyword) => Object.hasOwn(beside, keyword));
  return isAmbiguous ? schema : { ...lone, ...beside };
}

/** Sorts a set, schemas by kind first, so that two schemas that differ in details stay side by side. */
function sorted(values: unknown[]): unknown[] {
  const rank = (value: unknown) => `${kindOf(object(value))} ${spelled(value)}`;
  return values.toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1));
}
