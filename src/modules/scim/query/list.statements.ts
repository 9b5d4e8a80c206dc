import { createHash } from 'node:crypto';
import type { Statement } from '../../../database/transactions/sql.js';
import { parseFilter } from '../protocol/filter.js';
import type { ListRequest } from '../protocol/list.js';
import { orderBy } from './columns.js';
import { type Condition, conditionOf, type FilterSource } from './filter-condition.js';

export type ListQuery = {
  readonly condition: Condition | null;
  readonly orderBy: string;
  /** Whether the request asks for an order other than the default. */
  readonly isSorted: boolean;
};

const FIRST_VALUE = 4; // first parameter of the condition: organization, limit and offset come before

/** The SQL of a list request on the table with this alias. @throws ScimError invalidFilter */
export function listQuery(source: FilterSource, alias: string, request: ListRequest): ListQuery {
  const { filter, sortBy } = request;
  return {
    condition: filter === null ? null : conditionOf(parseFilter(filter), source, FIRST_VALUE),
    orderBy: orderBy(source.shape, source.columns, alias, request),
    isSorted: sortBy !== null,
  };
}

/** By text. There are as many as attributes that look-ups compare. */
const lookUps = new Map<string, Statement>();

/**
 * Only look-ups are named: the server keeps every named statement, and other filters have unlimited shapes. Planning
 * a look-up again would take most of its time.
 */
export function listStatement(kind: string, { condition, isSorted }: ListQuery, text: string): Statement {
  if (!condition?.isLookup || isSorted) return { name: '', text };
  const known = lookUps.get(text);
  if (known) return known;
  const statement = { name: `${kind}_${createHash('sha1').update(text).digest('hex').slice(0, 16)}`, text };
  lookUps.set(text, statement);
  return statement;
}
