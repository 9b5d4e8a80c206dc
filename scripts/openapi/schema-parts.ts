import { COMBINATORS, kindOf, SCHEMAS } from './canonical-schema.ts';
import { entries, type Json, list, object, without } from './json.ts';

/** Keyed by the path to the part; keys inside schemas are empty or begin with one of `.[{|`. */
export type Parts = Map<string, Part>;
export type Part = {
  facts: Json;
  parts: Parts;
  /** Schemas only: the type without null. If it differs, the rest is not compared. */
  kind?: string;
  /** The names of the components that it refers to. */
  refers?: string[];
  /** True if it breaks no client when it is served but not published. */
  optional?: boolean;
  /** The reported name if it is missing, unless the key contains it. */
  label?: string;
};

/** Keywords that determine a schema's kind or parts; every other keyword is a fact. */
const STRUCTURE = [
  ...COMBINATORS,
  '$ref',
  'type',
  'nullable',
  'properties',
  'required',
  'items',
  'additionalProperties',
];

/** @param schema in canonical form */
export function schemaPart(schema: Json): Part {
  const { $ref, items, additionalProperties } = schema;
  const kind = kindOf(schema);
  const parts = propertyParts(schema);
  if (items !== undefined || kind === 'array') parts.set('[]', schemaPart(object(items)));
  if (additionalProperties !== undefined)
    parts.set('{}', { ...schemaPart(object(additionalProperties)), label: 'additionalProperties' });
  for (const combinator of COMBINATORS)
    for (const [index, variant] of list(schema[combinator]).entries())
      parts.set(`|${combinator} ${index + 1}`, schemaPart(object(variant)));
  const type = schema.nullable === true ? `${kind}|null` : kind;
  const refers = typeof $ref === 'string' && $ref.startsWith(SCHEMAS) ? [$ref.slice(SCHEMAS.length)] : [];
  return { kind, facts: { type, ...without(schema, ...STRUCTURE) }, parts, refers };
}

function propertyParts({ properties, required }: Json): Parts {
  const schemas = entries(properties);
  const requiredNames = new Set(list(required).map(String));
  const parts: Parts = new Map();
  for (const name of new Set([...schemas.keys(), ...requiredNames])) {
    const isRequired = requiredNames.has(name);
    const schema = schemaPart(object(schemas.get(name)));
    parts.set(`.${name}`, {
      facts: { required: isRequired },
      parts: new Map([['', schema]]),
      optional: !isRequired,
    });
  }
  return parts;
}
