import {
  type Shape,
  type AttributePath,
  parseAttributePath,
  resolveAttributePath,
} from '../protocol/attribute.js';
import type { ListRequest } from '../protocol/list.js';
import { ScimError } from '../protocol/scim.errors.js';

/**
 * The SQL expression of an attribute. Texts compare in byte order and, unless `caseExact`, case-insensitively, to
 * match the indexes.
 */
export type SingleColumn =
  | TextColumn
  | BooleanColumn
  | { readonly kind: 'instant' | 'id'; readonly sql: string }
  /** A complex attribute is present or absent; compared, it is its `value`, if it has one. */
  | { readonly kind: 'complex'; readonly sql: string; readonly value?: SingleColumn | undefined }
  /** The URL of a resource: `sql` is its id, `endpoint` its path below the base URL. */
  | { readonly kind: 'location'; readonly sql: string; readonly endpoint: string };

type BooleanColumn = {
  readonly kind: 'boolean';
  readonly sql: string;
  /** SQL of the number of resources with this value; null if no way is faster than reading them. */
  readonly count?: (value: boolean) => string | null;
};

export type TextColumn = {
  readonly kind: 'text';
  readonly sql: string;
  /**
   * For a text that many resources share, SQL of the number of resources that meet a condition on it: the page is then
   * read in the order of an index, apart from the count.
   */
  readonly countWhere?: (condition: string) => string;
  /** No two resources of an organization have the same value. */
  readonly isUnique?: boolean;
  readonly caseExact?: boolean;
  /** Binary values have no order (RFC 7644, section 3.4.2.2). */
  readonly isUnordered?: boolean;
};

export type ListColumn = {
  readonly kind: 'list';
  /** True if one value of the list meets the condition on `parts`. */
  readonly any: (condition: string) => string;
  readonly parts: Readonly<Record<string, SingleColumn>>;
  /** Indexed condition: the list holds this value; `value` is an SQL text expression. */
  readonly holding?: (value: string) => string;
  /** Indexed condition: the values together are like `pattern`, an SQL text expression; without regard to case. */
  readonly like?: (pattern: string) => string;
  /** The column to sort the resource by. */
  readonly sortedBy?: SingleColumn;
};

/** By path, spelled as in the schema: `userName`, `name.familyName`, `urn:…:User:department`. */
export type Columns = Readonly<Record<string, SingleColumn | ListColumn>>;

/** The indexed expression by which a text is compared. */
export const comparable = ({ sql, caseExact }: { sql: string; caseExact?: boolean }): string =>
  caseExact ? `(${sql}) collate "C"` : `lower(${sql}) collate "C"`;

/**
 * The column of a path, and the part of a list. @throws ScimError invalidFilter for an attribute that is unknown or
 * cannot be queried.
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
    throw new ScimError('invalidFilter', `Filtering and sorting by ${written(path)} is not supported.`);
  return { column: single, part: null };
}

/** A sub-attribute of a list's values. @throws ScimError invalidFilter if it cannot be queried. */
export function partOf({ parts }: ListColumn, name: string): SingleColumn {
  const [, found] = Object.entries(parts).find(([part]) => part.toLowerCase() === name.toLowerCase()) ?? [];
  if (!found)
    throw new ScimError('invalidFilter', `Filtering the values of this list by ${name} is not supported.`);
  return found;
}

/** By `key`, an SQL expression of this type, and among equals by `id`. */
export type ListOrder = {
  readonly key: string;
  readonly type: 'text' | 'timestamptz' | 'uuid' | 'boolean';
  readonly isNullable: boolean;
  readonly id: string;
  readonly idType?: 'uuid' | 'text';
  readonly descending: boolean;
};

/**
 * The order of a list from the table with this alias: oldest first by default and among equals. Absent values sort last,
 * or first in descending order (RFC 7644, section 3.4.2.3).
 */
export function orderOf(
  shape: Shape,
  columns: Columns,
  alias: string,
  { sortBy, descending }: Pick<ListRequest, 'sortBy' | 'descending'>,
): ListOrder {
  const column = sortBy === null ? AGE(alias) : sortedBy(shape, columns, sortBy);
  const key = column.kind === 'text' ? comparable(column) : column.sql;
  const isNullable = column.kind === 'text' || column.kind === 'boolean';
  return { key, type: SQL_TYPES[column.kind], isNullable, id: `${alias}.id`, descending };
}

export function orderBy({ key, id, descending }: ListOrder): string {
  const direction = descending ? 'desc' : 'asc';
  return `${key} ${direction}, ${id} ${direction}`;
}

const AGE = (alias: string) => ({ kind: 'instant', sql: `${alias}.created_at` }) as const;
const SQL_TYPES = {
  text: 'text',
  instant: 'timestamptz',
  id: 'uuid',
  location: 'uuid',
  boolean: 'boolean',
} as const;

type SortableColumn = Exclude<SingleColumn, { kind: 'complex' }>;

function sortedBy(shape: Shape, columns: Columns, sortBy: string): SortableColumn {
  const path = parseAttributePath(sortBy);
  if (!path) throw new ScimError('invalidValue', 'sortBy has to be an attribute path.');
  const { column, part } = columnOf(shape, columns, path);
  const isItsValue = part === null || part === 'value'; // named or implied
  const single = column.kind === 'list' && isItsValue ? column.sortedBy : column;
  if (!single || single.kind === 'list' || single.kind === 'complex')
    throw new ScimError('invalidValue', `Sorting by ${written(path)} is not supported.`);
  return single;
}

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

const written = ({ name, sub }: AttributePath): string => (sub ? `${name}.${sub}` : name);
