/**
 * Finds what a client generated from a published OpenAPI description would miss in the served one. Each description
 * becomes a tree of parts with facts, and the trees are compared.
 */
import { type Json, spelled } from './openapi/json.ts';
import { componentParts, operationParts } from './openapi/operation-parts.ts';
import type { Part, Parts } from './openapi/schema-parts.ts';

type Pair<T> = { published: T; served: T };
/** A position in an operation and a path through schemas (`Organization.tenants[].id`). */
type Where = { location: string; path: string };

/**
 * Compares two OpenAPI 3 descriptions. `differences` break clients, one line each; `additions` are served but not
 * published and break no client; `missing` are published operations that are not served, as `GET /path`. With
 * `onlyServed`, the missing operations and components that only they use are no differences.
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
  comparison.compareParts({ location: '', path: '' }, operations);
  if (!onlyServed) comparison.compareRemainingComponents();
  return { ...comparison.lines, missing };
}

/** Compares each component once, at its first use, which also ends the recursion of schemas. */
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
    for (const name of published.refers ?? []) this.compareComponent(where.location, name);
    this.compareParts(where, { published: published.parts, served: served.parts });
  }

  private compareComponent(location: string, name: string): void {
    if (this.seen.has(name)) return;
    this.seen.add(name);
    const { published, served } = both(this.components, (components) => components.get(name));
    if (published && served) this.comparePart({ location, path: name }, { published, served });
    else if (published) this.lines.differences.push(`${location}: ${name}: missing`);
  }
}

function written({ location, path }: Where): string {
  return path ? `${location}: ${path.replace(/^\./, '')}` : location;
}

function below(where: Where, key: string): Where {
  const staysInSchema = key === '' || '.[{|'.includes(key.charAt(0));
  return staysInSchema ? { ...where, path: where.path + key } : { location: written(where) + key, path: '' };
}

function titled(where: Where, key: string, { label }: Part): string {
  return written(below(where, key)) + (label ? `: ${label}` : '');
}

/**
 * How a fact differs, or undefined. An operationId matters only if it is published, since clients name methods after
 * it.
 */
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

function both<From, To>({ published, served }: Pair<From>, read: (side: From) => To): Pair<To> {
  return { published: read(published), served: read(served) };
}
