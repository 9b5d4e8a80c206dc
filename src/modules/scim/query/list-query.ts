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

/**
 * The SQL of a list request on the table with this alias. Sorted oldest first by default and among equals.
 * @throws ScimError invalidFilter
 */
export function listQuery(source: FilterSource, alias: string, request: ListRequest): ListQuery {
  const { filter, sortBy, descending } = request;
  return {
    condition: filter === null ? null : conditionOf(parseFilter(filter), source, FIRST_VALUE),
    orderBy: orderBy(source.shape, source.columns, {
      sortBy,
      descending,
      otherwise: `${alias}.created_at`,
      last: `${alias}.id`,
    }),
    isSorted: sortBy !== null,
  };
}
