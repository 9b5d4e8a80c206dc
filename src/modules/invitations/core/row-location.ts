import type { Problem } from '../../../common/errors/domain-error.js';

/** The location of a row in the request, for errors that name it. */
export type RowLocator = (row: number) => Problem['loc'];

export const singleRowLoc: RowLocator = () => ['body'];
export const batchRowLoc: RowLocator = (row) => ['body', row];
