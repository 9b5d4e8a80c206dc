import type { Problem } from '../../../common/errors/domain-error.js';

export type RowLocator = (row: number) => Problem['loc'];

export const singleRowLoc: RowLocator = () => ['body'];
export const batchRowLoc: RowLocator = (row) => ['body', row];

/** Malformed rows refuse a request, but only after the other rows were checked. */
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
