import {
  type Attribute,
  type AttributePath,
  parseAttributePath,
  resolveAttributePath,
  type Shape,
} from '../protocol/attribute.js';
import type { ListRequest } from '../protocol/list.js';
import { ScimError } from '../protocol/scim.errors.js';

/** Texts compare in byte order and, unless `caseExact`, without regard to case, to match the indexes. */
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
  /** SQL of the number of resources that meet a condition on a text that many share: the page is then read in the order of an index. */
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
  readonly sortedBy?: SingleColumn;
};

/** By path, spelled as in the schema: `userName`, `name.familyName`, `urn:…:User:department`. */
export type Columns = Readonly<Record<string, SingleColumn | ListColumn>>;

/** `base` is the URL that locations begin with, `alias` the table in SQL. */
export type ListSource = {
  readonly shape: Shape;
  readonly columns: Columns;
  readonly alias: string;
  readonly base: string;
};

/** The indexed expression by which a text is compared. */
export const comparable = ({ sql, caseExact }: { sql: string; caseExact?: boolean }): string =>
  caseExact ? `(${sql}) collate "C"` : `lower(${sql}) collate "C"`;

/** @throws ScimError invalidFilter for an attribute that is unknown or cannot be queried */
export function columnOf(
  { shape, columns }: Pick<ListSource, 'shape' | 'columns'>,
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
export type ListOrder = ReturnType<typeof orderOf>;

/** Oldest first by default and among equals. Absent values sort last, or first in descending order (RFC 7644, section 3.4.2.3). */
export function orderOf(source: ListSource, { sortBy, descending }: ListRequest) {
  const { alias, columns } = source;
  const age: SortableColumn = { kind: 'instant', sql: `${alias}.created_at` };
  const column = sortBy === null ? age : sortedBy(source, sortBy);
  const key = column.kind === 'text' ? comparable(column) : column.sql;
  const isNullable = column.kind === 'text' || column.kind === 'boolean';
  const idType: 'text' | 'uuid' = columns['id']?.kind === 'text' ? 'text' : 'uuid';
  return { key, type: SQL_TYPES[column.kind], isNullable, id: `${alias}.id`, idType, descending };
}

export function orderBy({ key, id, descending }: ListOrder): string {
  const direction = descending ? 'desc' : 'asc';
  return `${key} ${direction}, ${id} ${direction}`;
}

const SQL_TYPES = {
  text: 'text',
  instant: 'timestamptz',
  id: 'uuid',
  location: 'uuid',
  boolean: 'boolean',
} as const;

type SortableColumn = Exclude<SingleColumn, { kind: 'complex' }>;

function sortedBy(source: ListSource, sortBy: string): SortableColumn {
  const path = parseAttributePath(sortBy);
  if (!path) throw new ScimError('invalidValue', 'sortBy has to be an attribute path.');
  const { column, part } = columnOf(source, path);
  const isItsValue = part === null || part === 'value'; // named or implied
  const single = column.kind === 'list' && isItsValue ? column.sortedBy : column;
  if (!single || single.kind === 'list' || single.kind === 'complex')
    throw new ScimError('invalidValue', `Sorting by ${written(path)} is not supported.`);
  return single;
}

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

const written = ({ name, sub }: AttributePath): string => (sub ? `${name}.${sub}` : name);

/** `schemas`: SQL of the array of schema URNs. */
export const schemasColumn = (schemas: string): ListColumn => ({
  kind: 'list',
  any: (condition) => `exists (select from unnest(${schemas}) e where ${condition})`,
  parts: { value: { kind: 'text', sql: 'e', caseExact: true } },
});

/** Columns of the attributes that users and groups have (RFC 7643, section 3.1); `alias` is their table. */
export const metaColumns = (alias: string, type: 'User' | 'Group', schemas: string): Columns => ({
  schemas: schemasColumn(schemas),
  id: { kind: 'id', sql: `${alias}.id` },
  externalId: { kind: 'text', sql: `${alias}.external_id`, caseExact: true, isUnique: true },
  meta: { kind: 'complex', sql: `${alias}.id` },
  'meta.resourceType': { kind: 'text', sql: `'${type}'`, caseExact: true },
  'meta.created': { kind: 'instant', sql: `${alias}.created_at` },
  'meta.lastModified': { kind: 'instant', sql: `${alias}.updated_at` },
  'meta.location': { kind: 'location', sql: `${alias}.id`, endpoint: `/${type}s/` },
  'meta.version': { kind: 'text', sql: `'W/"' || ${alias}.version || '"'`, caseExact: true },
});

/** Columns of all attributes that are stored under their name in an SQL object, except those that are never returned. */
export function storedColumns(attributes: readonly Attribute[], json: string, prefix = ''): Columns {
  const readable = attributes.filter(({ returned }) => returned !== 'never');
  return Object.fromEntries(readable.flatMap((attribute) => entriesOf(attribute, json, prefix)));
}

type Entry = [path: string, column: SingleColumn | ListColumn];

function entriesOf(attribute: Attribute, json: string, prefix: string): Entry[] {
  const path = `${prefix}${attribute.name}`;
  const { subAttributes = [] } = attribute;
  const within = `${json} -> '${attribute.name}'`;
  if (attribute.multiValued) return [[path, listColumn(within, subAttributes)]];
  if (attribute.type !== 'complex') return [[path, singleColumn(attribute, json)]];
  const parts = subAttributes.map((sub): [string, SingleColumn] => [sub.name, singleColumn(sub, within)]);
  const whole: SingleColumn = { kind: 'complex', sql: within, value: new Map(parts).get('value') };
  return [[path, whole], ...parts.map(([name, column]): Entry => [`${path}.${name}`, column])];
}

const listColumn = (json: string, subAttributes: readonly Attribute[]): ListColumn => ({
  kind: 'list',
  any: (condition) => `exists (select from jsonb_array_elements(${json}) e where ${condition})`,
  parts: Object.fromEntries(subAttributes.map((sub) => [sub.name, singleColumn(sub, 'e')])),
});

function singleColumn({ name, type, caseExact }: Attribute, json: string): SingleColumn {
  const sql = `${json} ->> '${name}'`;
  if (type === 'boolean') return { kind: 'boolean', sql: `(${sql})::boolean` };
  return { kind: 'text', sql, caseExact, isUnordered: type === 'binary' };
}
