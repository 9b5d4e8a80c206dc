import type { Shape } from '../protocol/attribute.js';
import { type AttributePath, parseAttributePath, resolveAttributePath } from '../protocol/attribute-path.js';
import { ScimError } from '../protocol/scim.errors.js';

/**
 * How an attribute is found in our tables. Texts are compared in byte order and, unless `caseExact`, without case: as the
 * indexes are made.
 */
export type SingleColumn =
  | { readonly kind: 'text'; readonly sql: string; readonly caseExact?: boolean }
  | { readonly kind: 'boolean' | 'instant' | 'id'; readonly sql: string };

export type ListColumn = {
  readonly kind: 'list';
  /** True when one value of the list meets the condition on `parts`. */
  readonly any: (condition: string) => string;
  readonly parts: Readonly<Record<string, SingleColumn>>;
  /** True of every row whose list holds this value, and quickly found; `value` is an SQL text. */
  readonly holding?: (value: string) => string;
  /** What the resource is sorted by. */
  readonly sortedBy?: SingleColumn;
};

/** By path, as the schema writes it: `userName`, `name.familyName`, `urn:…:User:department`. */
export type Columns = Readonly<Record<string, SingleColumn | ListColumn>>;

/** The expression by which a text is compared and indexed. */
export const comparable = ({ sql, caseExact }: { sql: string; caseExact?: boolean }): string =>
  caseExact ? `(${sql}) collate "C"` : `lower(${sql}) collate "C"`;

/**
 * The column of a path, and which part of a list. Throws invalidFilter for an attribute that is unknown, or kept where it
 * cannot be asked.
 */
export function columnOf(
  shape: Shape,
  columns: Columns,
  path: AttributePath,
): { column: SingleColumn; part: null } | { column: ListColumn; part: string | null } {
  const target = resolveAttributePath(shape, path);
  if (!target) throw new ScimError('invalidFilter', `There is no attribute ${written(path)}.`);
  const name = `${target.extension ? `${target.extension}:` : ''}${target.attribute.name}`;
  const column = own(columns, name);
  if (column?.kind === 'list') return { column, part: target.sub?.name ?? null };
  const single = own(columns, target.sub ? `${name}.${target.sub.name}` : name);
  if (!single || single.kind === 'list')
    throw new ScimError('invalidFilter', `Nothing can be asked or sorted by ${written(path)}.`);
  return { column: single, part: null };
}

/** A part of a list's values; throws invalidFilter when it cannot be asked. */
export function partOf({ parts }: ListColumn, name: string): SingleColumn {
  const found = Object.keys(parts).find((part) => part.toLowerCase() === name.toLowerCase());
  if (!found)
    throw new ScimError('invalidFilter', `Nothing can be asked by ${name} of a value of this list.`);
  return parts[found]!;
}

type Order = {
  readonly sortBy: string | null;
  readonly descending: boolean;
  /** What decides when nothing is asked, and among equals: so the order is stable. */
  readonly otherwise: string;
  readonly last: string;
};

/** What is absent stands at the end, or at the beginning of a descending order (RFC 7644, section 3.4.2.3). */
export function orderBy(
  shape: Shape,
  columns: Columns,
  { sortBy, descending, otherwise: defaultOrder, last }: Order,
): string {
  const direction = descending ? 'desc' : 'asc';
  const first = sortBy === null ? defaultOrder : sortedBy(shape, columns, sortBy);
  return `${first} ${direction}, ${last} ${direction}`;
}

function sortedBy(shape: Shape, columns: Columns, sortBy: string): string {
  const path = parseAttributePath(sortBy);
  if (!path) throw new ScimError('invalidValue', 'sortBy has to be the path of an attribute.');
  const { column, part } = columnOf(shape, columns, path);
  const isItsValue = part === null || part === 'value'; // said or not
  const single = column.kind === 'list' && isItsValue ? column.sortedBy : column;
  if (!single || single.kind === 'list')
    throw new ScimError('invalidValue', `Nothing can be sorted by ${written(path)}.`);
  return single.kind === 'text' ? comparable(single) : single.sql;
}

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

const written = ({ name, sub }: AttributePath): string => (sub ? `${name}.${sub}` : name);
