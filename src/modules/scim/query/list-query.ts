import type { Shape } from '../protocol/attribute.js';
import { parseFilter } from '../protocol/filter.js';
import type { ListRequest } from '../protocol/list-request.js';
import { type Columns, orderBy } from './columns.js';
import { type Condition, conditionOf } from './filter-condition.js';

export type ListQuery = {
  readonly condition: Condition | null;
  readonly orderBy: string;
  /** Whether another order was asked for than the usual one. */
  readonly isSorted: boolean;
};

const FIRST_VALUE = 4; // what values of the condition begin with: organization, limit and offset come before

/**
 * A list request in SQL, of a table under this alias. In a stable order: the oldest first unless something else is asked,
 * and among equals too. Throws invalidFilter.
 */
export function listQuery(shape: Shape, columns: Columns, alias: string, request: ListRequest): ListQuery {
  const { filter, sortBy, descending } = request;
  return {
    condition: filter === null ? null : conditionOf(parseFilter(filter), shape, columns, FIRST_VALUE),
    orderBy: orderBy(shape, columns, {
      sortBy,
      descending,
      otherwise: `${alias}.created_at`,
      last: `${alias}.id`,
    }),
    isSorted: sortBy !== null,
  };
}
