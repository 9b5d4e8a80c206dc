import { createHash } from 'node:crypto';
import { containing } from '../../../database/statements/text-search.js';
import type { Statement } from '../../../database/transactions/sql.js';
import type { AttributePath, Shape } from '../protocol/attribute.js';
import { type Filter, type FilterValue, parseFilter } from '../protocol/filter.js';
import type { ListRequest } from '../protocol/list.js';
import { ScimError } from '../protocol/scim.errors.js';
import { booleanOf, isStorable } from '../protocol/value.js';
import {
  columnOf,
  type Columns,
  type ListColumn,
  type ListOrder,
  orderOf,
  partOf,
  type SingleColumn,
} from './columns.js';
import { type Bind, comparison, type Leaf } from './comparison.js';

export type ListQuery = {
  readonly condition: Condition | null;
  readonly order: ListOrder;
  /** Whether the request asks for an order other than the default. */
  readonly isSorted: boolean;
  /** Whether rows have `orderedBy`, for the cursor of the next page. */
  readonly withKeys: boolean;
  /** Of rows that follow another page, whose total is known. */
  readonly after: string | null;
  /** After organization, limit and offset. */
  readonly values: readonly unknown[];
};

const FIRST_VALUE = 4; // number of the condition's first parameter: organization, limit and offset come before

/** The SQL of a list request on the table with this alias. @throws ScimError invalidFilter */
export function listQuery(source: FilterSource, alias: string, request: ListRequest): ListQuery {
  const { filter, sortBy, cursor } = request;
  const condition = filter === null ? null : conditionOf(parseFilter(filter), source);
  return {
    condition,
    order: orderOf(source.shape, source.columns, alias, request),
    isSorted: sortBy !== null,
    withKeys: cursor !== null,
    after: null,
    values: condition?.values ?? [],
  };
}

/** The part of the list that meets this condition, too. */
export function after(query: ListQuery, condition: (bind: Bind) => string): ListQuery {
  const values = [...query.values];
  return { ...query, after: condition(binding(values)), values };
}

/** What the rows of a list meet, on the table with this alias. */
export const whereOf = ({ condition, after: place }: ListQuery, alias: string): string =>
  [`where ${alias}.org_id = $1`, condition?.sql, place].filter(Boolean).join(' and ');

/** For the cursor of the next page. */
export const keyOf = ({ withKeys, order }: ListQuery): string =>
  withKeys ? `, (${order.key})::text as "orderedBy"` : '';

const binding =
  (values: unknown[]): Bind =>
  (value) =>
    `$${FIRST_VALUE + values.push(value) - 1}`;

/** By text. There are as many as attributes that look-ups compare. */
const lookUps = new Map<string, Statement>();

/**
 * Only look-ups are named: the server keeps every named statement, and other filters have unlimited shapes. Planning
 * a look-up again would take most of its time.
 */
export function listStatement(list: string, { condition, isSorted }: ListQuery, text: string): Statement {
  if (!condition?.isLookup || isSorted) return { name: '', text };
  const known = lookUps.get(text);
  if (known) return known;
  const statement = { name: `${list}_${createHash('sha1').update(text).digest('hex').slice(0, 16)}`, text };
  lookUps.set(text, statement);
  return statement;
}

/**
 * A filter as an SQL condition with its parameters in `values`. `isLookup`: it compares one
 * attribute with one value other than a boolean, as providers do for every user.
 */
type Condition = {
  readonly sql: string;
  readonly values: readonly unknown[];
  readonly isLookup: boolean;
  /** A look-up that at most one resource matches. */
  readonly isUnique: boolean;
  /** SQL of the number of matches, if there is a faster way than counting them on the way to the page. */
  readonly total: string | null;
};

/** @throws ScimError invalidFilter for an unsupported filter, never a condition that is always true. */
function conditionOf(filter: Filter, source: FilterSource): Condition {
  const translation = new Translation(source);
  const sql = translation.of(filter);
  const { values } = translation;
  if (filter.kind !== 'compare' || filter.operator !== 'eq')
    return { sql, values, isLookup: false, isUnique: false, total: null };
  const { value } = filter;
  const { column } = columnOf(source.shape, source.columns, filter.path);
  return {
    sql,
    values,
    isLookup: column.kind !== 'boolean',
    isUnique: column.kind === 'text' && column.isUnique === true && value !== null, // any number may have none
    total: totalOf(column, value, sql),
  };
}

function totalOf(column: SingleColumn | ListColumn, value: FilterValue, sql: string): string | null {
  if (column.kind === 'text') return column.countWhere?.(sql) ?? null;
  const known = booleanOf(value);
  return column.kind === 'boolean' && known !== null ? (column.count?.(known) ?? null) : null;
}

/** `base` is the URL that locations begin with. */
type FilterSource = { readonly shape: Shape; readonly columns: Columns; readonly base: string };

class Translation {
  readonly values: unknown[] = [];

  constructor(private readonly source: FilterSource) {}

  of(filter: Filter): string {
    return combined(filter, (leaf) => (leaf.kind === 'some' ? this.some(leaf) : this.leaf(leaf)));
  }

  private leaf(leaf: Leaf): string {
    const { column, part } = columnOf(this.source.shape, this.source.columns, leaf.path);
    if (column.kind !== 'list') return this.compare(column, leaf);
    if (leaf.kind === 'present' && part === null) return column.any('true');
    const condition = this.compare(partOf(column, part ?? 'value'), leaf);
    return this.narrowed(column, condition, (part ?? 'value') === 'value' ? needleOf(leaf) : null);
  }

  /** `emails[type eq "work" and value eq "x"]`: one value that meets all of it. */
  private some({ path, filter }: { path: AttributePath; filter: Filter }): string {
    const { column, part } = columnOf(this.source.shape, this.source.columns, path);
    if (column.kind !== 'list' || part !== null)
      throw new ScimError('invalidFilter', `${path.name} is not a list of values.`);
    const condition = combined(filter, (leaf) => {
      if (leaf.kind === 'some')
        throw new ScimError('invalidFilter', 'A filter cannot contain a list within a list.');
      return this.compare(partOf(column, leaf.path.name), leaf);
    });
    return this.narrowed(column, condition, needleOfValue(filter));
  }

  /** Adds the indexed condition if there is one for the needle. */
  private narrowed(column: ListColumn, condition: string, needle: Needle | null): string {
    const all = column.any(condition);
    const indexed = needle && column[needle.by];
    return indexed ? `(${indexed(this.bind(needle.value))} and ${all})` : all;
  }

  private compare(column: SingleColumn, leaf: Leaf): string {
    return comparison(column, leaf, { bind: this.bind, base: this.source.base });
  }

  private readonly bind = binding(this.values);
}

function combined(
  filter: Filter,
  leaf: (leaf: Extract<Filter, { kind: 'compare' | 'present' | 'some' }>) => string,
): string {
  if (filter.kind === 'and' || filter.kind === 'or')
    return `(${combined(filter.left, leaf)} ${filter.kind} ${combined(filter.right, leaf)})`;
  if (filter.kind === 'not') return `((${combined(filter.filter, leaf)}) is not true)`;
  return leaf(filter);
}

/** What some value of a list has to hold for a match, and the indexed condition that finds it. */
type Needle = { readonly by: 'holding' | 'like'; readonly value: string };

function needleOf(leaf: Leaf): Needle | null {
  if (leaf.kind !== 'compare' || typeof leaf.value !== 'string' || !isStorable(leaf.value)) return null;
  if (leaf.operator === 'eq') return { by: 'holding', value: leaf.value };
  const isPart = leaf.operator === 'co' || leaf.operator === 'ew';
  return isPart ? { by: 'like', value: containing(leaf.value) } : null;
}

/** Of a filter on the values of a list; null if a value may match without it. */
function needleOfValue(filter: Filter): Needle | null {
  if (filter.kind === 'and') return needleOfValue(filter.left) ?? needleOfValue(filter.right);
  return filter.kind === 'compare' && filter.path.name.toLowerCase() === 'value' ? needleOf(filter) : null;
}
