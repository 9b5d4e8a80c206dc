import type { Problem } from '../../../common/errors/domain-error.js';

/** The location of a row in the request, for errors that name it. */
export type RowLocator = (row: number) => Problem['loc'];

export const singleRowLoc: RowLocator = () => ['body'];
export const batchRowLoc: RowLocator = (row) => ['body', row];

/**
 * The rows of a request that can be checked further, and everything that makes the request malformed. A request with
 * malformed rows is refused, but only after the other rows were checked.
 */
export type LocatedRows<Row> = {
  readonly rows: readonly Row[];
  /** Takes the index in `rows`. */
  readonly locate: RowLocator;
  readonly malformed: readonly Problem[];
};

export const locatedRows = <Row>(
  located: readonly { loc: Problem['loc']; row: Row }[],
  malformed: readonly Problem[],
): LocatedRows<Row> => ({
  rows: located.map(({ row }) => row),
  locate: (row) => located[row]?.loc ?? [],
  malformed,
});
