/**
 * What a client generated from a published OpenAPI description would miss in the served one. Each description
 * becomes a tree of parts with facts, and the trees are compared. Both are untrusted JSON: what has an
 * unexpected shape counts as absent.
 */
type Json = Readonly<Record<string, unknown>>;
type Pair<T> = { published: T; served: T };
/** A spot in an operation, then a path through schemas (`Organization.tenants[].id`). */
type Where = { place: string; path: string };
/** Keyed by the text that leads to the part; keys inside schemas are empty or begin with one of `.[{|`. */
type Parts = Map<string, Part>;
type Part = {
  facts: Json;
  parts: Parts;
  /** Schemas only: the type apart from null. Where it differs, comparing the rest would be noise. */
  kind?: string;
  /** Names of the components it refers to. */
  refers?: string[];
  /** Served without being published, it breaks no client. */
  optional?: boolean;
  /** Its name where it is missing and its key does not say it. */
  label?: string;
};

/**
 * Compares two OpenAPI 3 descriptions. `differences` break the promise, one line each; `additions` are served
 * besides and break no client; `missing` are the published operations that are not served, as `GET /path`.
 * With `onlyServed` these are no differences, and components that only they reach are left alone.
 */
export function differences(
  published: Json,
  served: Json,
  { onlyServed = false }: { onlyServed?: boolean } = {},
): { differences: string[]; additions: string[]; missing: string[] } {
  const documents = { published, served };
  const operations = both(documents, operationParts);
  const missing = [...operations.published.keys()].filter((name) => !operations.served.has(name));
  if (onlyServed) for (const name of missing) operations.published.delete(name);
  const comparison = new Comparison(both(documents, componentParts));
  comparison.compareParts({ place: '', path: '' }, operations);
  if (!onlyServed) comparison.compareRemainingComponents();
  return { ...comparison.lines, missing };
}

/** Compares each component once, where it is first reached; that also ends the recursion of schemas. */
class Comparison {
  readonly lines = { differences: [] as string[], additions: [] as string[] };
  private readonly seen = new Set<string>();
  private readonly components: Pair<Parts>;

  constructor(components: Pair<Parts>) {
    this.components = components;
  }

  compareParts(where: Where, { published, served }: Pair<Parts>): void {
    for (const [key, part] of published) {
      const counterpart = served.get(key);
      if (counterpart) this.comparePart(below(where, key), { published: part, served: counterpart });
      else this.lines.differences.push(`${titled(where, key, part)}: missing`);
    }
    for (const [key, part] of served) {
      if (published.has(key)) continue;
      if (part.optional) this.lines.additions.push(titled(where, key, part));
      else this.lines.differences.push(`${titled(where, key, part)}: not published`);
    }
  }

  compareRemainingComponents(): void {
    for (const name of this.components.published.keys()) this.compareComponent('components', name);
  }

  private comparePart(where: Where, pair: Pair<Part>): void {
    const { published, served } = pair;
    const isSameKind = published.kind === served.kind;
    for (const name of Object.keys({ ...published.facts, ...served.facts })) {
      const contrast = contrastOf(
        name,
        both(pair, ({ facts }) => facts[name]),
      );
      if (contrast && (isSameKind || name === 'type'))
        this.lines.differences.push(`${written(where)}: ${contrast}`);
    }
    if (!isSameKind) return;
    for (const name of published.refers ?? []) this.compareComponent(where.place, name);
    this.compareParts(where, { published: published.parts, served: served.parts });
  }

  private compareComponent(place: string, name: string): void {
    if (this.seen.has(name)) return;
    this.seen.add(name);
    const { published, served } = both(this.components, (components) => components.get(name));
    if (published && served) this.comparePart({ place, path: name }, { published, served });
    else if (published) this.lines.differences.push(`${place}: ${name}: missing`);
  }
}

function written({ place, path }: Where): string {
  return path ? `${place}: ${path.replace(/^\./, '')}` : place;
}

function below(where: Where, key: string): Where {
  const staysInSchema = key === '' || '.[{|'.includes(key.charAt(0));
  return staysInSchema ? { ...where, path: where.path + key } : { place: written(where) + key, path: '' };
}

function titled(where: Where, key: string, { label }: Part): string {
  return written(below(where, key)) + (label ? `: ${label}` : '');
}

/** How a fact differs, if it does. Clients name methods after the operationId, but only after a published one. */
function contrastOf(name: string, { published, served }: Pair<unknown>): string | undefined {
  if (spelled(published) === spelled(served)) return undefined;
  if (name === 'operationId' && published === undefined) return undefined;
  if (name === 'type' || name === 'security')
    return `${name} ${String(served)}, published ${String(published)}`;
  if (name === 'enum' && Array.isArray(published) && Array.isArray(served))
    return `enum lacks ${valuesBeyond(served, published)}, adds ${valuesBeyond(published, served)}`;
  return `${name} ${spelled(served)}, published ${spelled(published)}`;
}

function valuesBeyond(known: unknown[], values: unknown[]): string {
  const spellings = new Set(known.map(spelled));
  const beyond = values.map(spelled).filter((value) => !spellings.has(value));
  return beyond.join(', ') || 'nothing';
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

function operationParts(document: Json): Parts {
  const parts: Parts = new Map();
  for (const [path, item] of entries(document.paths)) {
    const methods = [...entries(item)].filter(([method]) => METHODS.has(method));
    for (const [method, operation] of methods) {
      // An operation's own parameters come last, so they replace those of its path.
      const parameters = [...list(object(item).parameters), ...list(object(operation).parameters)];
      const whole = { security: document.security, ...object(operation), parameters };
      parts.set(`${method.toUpperCase()} ${path}`, operationPart(document, whole));
    }
  }
  return parts;
}

function operationPart(document: Json, operation: Json): Part {
  const { operationId, requestBody, deprecated = false } = operation;
  const parameters = list(operation.parameters).map((parameter) => resolved(document, parameter));
  const parts: Parts = new Map(
    parameters.map((parameter) => [
      `: ${parameter.in} parameter ${parameter.name}`,
      parameterPart(parameter),
    ]),
  );
  if (requestBody !== undefined)
    parts.set(': request body', requestBodyPart(resolved(document, requestBody)));
  for (const [status, response] of entries(operation.responses))
    parts.set(`: response ${status}`, responsePart(document, resolved(document, response)));
  const alternatives = list(operation.security).map((schemes) =>
    [...entries(schemes).keys()].map(schemeName),
  );
  const security = new Set(alternatives.map((schemes) => schemes.toSorted().join(' + ') || 'none'));
  const facts = { operationId, deprecated, security: [...security].sort().join(' | ') || 'none' };
  return { facts, parts, refers: alternatives.flat().map(schemeTitle), optional: true };
}

function parameterPart(parameter: Json): Part {
  const { required = false, deprecated = false, content, schema } = parameter;
  const usualStyle = parameter.in === 'query' || parameter.in === 'cookie' ? 'form' : 'simple';
  const { style = usualStyle, explode = style === 'form' } = parameter;
  const parts =
    content === undefined ? new Map([['', schemaPart(canonical(schema))]]) : contentParts(content);
  return { facts: { required, deprecated, style, explode }, parts, optional: required !== true };
}

function requestBodyPart({ required = false, content }: Json): Part {
  return { facts: { required }, parts: contentParts(content), optional: required !== true };
}

function responsePart(document: Json, { headers, content }: Json): Part {
  const parts = contentParts(content);
  for (const [name, header] of entries(headers)) {
    const part = schemaPart(canonical(resolved(document, header).schema));
    parts.set(`: header ${name.toLowerCase()}`, { ...part, optional: true });
  }
  return { facts: {}, parts, optional: true };
}

/** JSON goes without saying in a line. */
function contentParts(content: unknown): Parts {
  const parts: Parts = new Map();
  for (const [type, media] of entries(content)) {
    const part = { ...schemaPart(canonical(object(media).schema)), optional: true };
    if (type === 'application/json') parts.set('', { ...part, label: `content ${type}` });
    else parts.set(`: content ${type}`, part);
  }
  return parts;
}

function componentParts({ components }: Json): Parts {
  const { schemas, securitySchemes } = object(components);
  const parts: Parts = new Map();
  for (const [name, schema] of entries(schemas)) parts.set(name, schemaPart(canonical(schema)));
  for (const [name, scheme] of entries(securitySchemes)) {
    const facts = without(object(scheme), 'description', 'bearerFormat');
    parts.set(schemeTitle(schemeName(name)), { facts, parts: new Map() });
  }
  return parts;
}

/** Published names have underscores where ours have spaces: OpenAPI 3.1 allows no space in component names. */
function schemeName(name: string): string {
  return name.replaceAll('_', ' ');
}

/** Keeps a scheme apart from a schema of the same name. */
function schemeTitle(name: string): string {
  return `security scheme ${name}`;
}

const SCHEMAS = '#/components/schemas/';
const COMBINATORS = ['anyOf', 'oneOf', 'allOf'];
/** Keywords that make a schema's kind or parts; every other keyword is a fact. */
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

/** Takes a canonical schema. */
function schemaPart(schema: Json): Part {
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

/** References are marked, so that a component called `string` is not taken for the type. */
function kindOf(schema: Json): string {
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

/** One spelling where several mean the same: no annotations, sets sorted, null as `nullable`, `true` as `{}`. */
function canonical(schema: unknown): Json {
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

/** A null among types or variants becomes `nullable`. */
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

/** A lone variant is the schema itself, unless a keyword stands both in it and beside it. */
function unwrapLone(schema: Json, combinator: string): Json {
  const [lone, ...more] = list(schema[combinator]).map(object);
  if (!lone || more.length > 0) return schema;
  // OpenAPI 3.0 lets `nullable` stand only beside a type, so `type: object` comes with a nullable reference.
  const isNullableReference = lone.$ref && schema.nullable && schema.type === 'object';
  const beside = without(schema, combinator, ...(isNullableReference ? ['type'] : []));
  const isAmbiguous = Object.keys(lone).some((keyword) => Object.hasOwn(beside, keyword));
  return isAmbiguous ? schema : { ...lone, ...beside };
}

function both<From, To>({ published, served }: Pair<From>, read: (side: From) => To): Pair<To> {
  return { published: read(published), served: read(served) };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

function without(json: Json, ...keys: string[]): Json {
  return Object.fromEntries(Object.entries(json).filter(([key]) => !keys.includes(key)));
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A map has no inherited keys, and an API may well name a property `constructor`. */
function entries(value: unknown): Map<string, unknown> {
  return new Map(Object.entries(object(value)));
}

/** JSON with sorted keys, so that equal values are spelled equally. */
function spelled(value: unknown): string {
  const withSortedKeys = (_key: string, inner: unknown) =>
    Object.keys(object(inner)).length > 0
      ? Object.fromEntries([...entries(inner)].sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner;
  return JSON.stringify(value, withSortedKeys) ?? 'absent';
}

/** Sets in one order; schemas by kind first, so that two that differ in details stay side by side. */
function sorted(values: unknown[]): unknown[] {
  const rank = (value: unknown) => `${kindOf(object(value))} ${spelled(value)}`;
  return values.toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1));
}

/** Follows `$ref` to a component that is not a schema. */
function resolved(document: Json, value: unknown, followed = new Set<string>()): Json {
  const { $ref } = object(value);
  if (typeof $ref !== 'string' || followed.has($ref)) return object(value);
  const steps = $ref.replace(/^#\//, '').split('/');
  const target = steps.reduce<unknown>((node, step) => entries(node).get(step), document);
  return resolved(document, target, followed.add($ref));
}
