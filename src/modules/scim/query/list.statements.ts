import { createHash } from 'node:crypto';
import { containing } from '../../../database/statements/text-search.js';
import type { Statement } from '../../../database/transactions/sql.js';
import { type Filter, type FilterLeaf, type FilterValue, parseFilter } from '../protocol/filter.js';
import type { ListRequest } from '../protocol/list.js';
import { ScimError } from '../protocol/scim.errors.js';
import { booleanOf, isStorable } from '../protocol/value.js';
import {
  columnOf,
  type ListColumn,
  type ListOrder,
  type ListSource,
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

/** The SQL of a list request. @throws ScimError invalidFilter */
export function listQuery(source: ListSource, request: ListRequest): ListQuery {
  const { filter, sortBy, cursor } = request;
  const values: unknown[] = [];
  const condition = filter === null ? null : conditionOf(parseFilter(filter), source, binding(values));
  return {
    condition,
    order: orderOf(source, request),
    isSorted: sortBy !== null,
    withKeys: cursor !== null,
    after: null,
    values,
  };
}

/** The part of the list that meets this condition, too. */
export function after(query: ListQuery, condition: (bind: Bind) => string): ListQuery {
  const values = [...query.values];
  return { ...query, after: condition(binding(values)), values };
}

export const whereOf = ({ condition, after: place }: ListQuery, alias: string): string =>
  [`where ${alias}.org_id = $1`, condition?.sql, place].filter(Boolean).join(' and ');

export const keyOf = ({ withKeys, order }: ListQuery): string =>
  withKeys ? `, (${order.key})::text as "orderedBy"` : '';

const binding =
  (values: unknown[]): Bind =>
  (value) =>
    `$${FIRST_VALUE + values.push(value) - 1}`;

/** By text. There are as many as attributes that look-ups compare. */
const lookUps = new Map<string, Statement>();

/** Only look-ups are named: planning takes most of their time, and the server keeps every named statement. */
export function listStatement(list: string, { condition, isSorted }: ListQuery, text: string): Statement {
  if (!condition?.isLookup || isSorted) return { name: '', text };
  const known = lookUps.get(text);
  if (known) return known;
  const statement = { name: `${list}_${createHash('sha1').update(text).digest('hex').slice(0, 16)}`, text };
  lookUps.set(text, statement);
  return statement;
}

/** `isLookup`: it compares one attribute with one value other than a boolean, as providers do for every user. */
type Condition = {
  readonly sql: string;
  readonly isLookup: boolean;
  /** A look-up that at most one resource matches. */
  readonly isUnique: boolean;
  /** SQL of the number of matches, if there is a faster way than counting them on the way to the page. */
  readonly total: string | null;
};

/** @throws ScimError invalidFilter for an unsupported filter, never a condition that is always true. */
function conditionOf(filter: Filter, source: ListSource, bind: Bind): Condition {
  const sql = translated(filter, source, bind);
  if (filter.kind !== 'compare' || filter.operator !== 'eq')
    return { sql, isLookup: false, isUnique: false, total: null };
  const { value } = filter;
  const { column } = columnOf(source, filter.path);
  return {
    sql,
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

function translated(filter: Filter, source: ListSource, bind: Bind): string {
  /** With the indexed condition if there is one for the needle. */
  const oneIn = (list: ListColumn, condition: string, needle: Needle | null): string => {
    const all = list.any(condition);
    const indexed = needle && list[needle.by];
    return indexed ? `(${indexed(bind(needle.value))} and ${all})` : all;
  };
  return combined(filter, (leaf) => {
    const { column, part } = columnOf(source, leaf.path);
    const compare = (single: SingleColumn, one: Leaf) => comparison(single, one, bind, source.base);
    if (leaf.kind === 'some') {
      if (column.kind !== 'list' || part !== null)
        throw new ScimError('invalidFilter', `${leaf.path.name} is not a list of values.`);
      const condition = combined(leaf.filter, (one) => {
        if (one.kind === 'some')
          throw new ScimError('invalidFilter', 'A filter cannot contain a list within a list.');
        return compare(partOf(column, one.path.name), one);
      });
      return oneIn(column, condition, needleOfValue(leaf.filter));
    }
    if (column.kind !== 'list') return compare(column, leaf);
    if (leaf.kind === 'present' && part === null) return column.any('true');
    const name = part ?? 'value';
    return oneIn(column, compare(partOf(column, name), leaf), name === 'value' ? needleOf(leaf) : null);
  });
}

function combined(filter: Filter, leaf: (leaf: FilterLeaf) => string): string {
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
