/** A statement that PostgreSQL did not run because one before it in the same round trip failed. */
export class StatementSkipped extends Error {
  constructor(override readonly cause: Error) {
    super(`skipped after: ${cause.message}`);
  }
}
