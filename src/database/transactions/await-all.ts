type Results<Work extends readonly unknown[]> = { -readonly [Index in keyof Work]: Awaited<Work[Index]> };

const FAILED_TRANSACTION = '25P02'; // PostgreSQL, Appendix A: in_failed_sql_transaction

/**
 * `Promise.all` for work within a transaction. Statements that are ready at the same time share a round trip, in the order
 * of `work`; when one fails, PostgreSQL skips the rest. A failure is thrown only when all of the work has ended, so that
 * no statement is sent after the rollback; it is the first one that is not the consequence of another.
 */
export async function awaitAll<const Work extends readonly unknown[]>(work: Work): Promise<Results<Work>> {
  const outcomes = await Promise.allSettled(work);
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (failures.length > 0) throw failures.find((failure) => !isConsequence(failure)) ?? failures[0];
  return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<unknown>).value) as Results<Work>;
}

const isConsequence = (error: unknown): boolean => codeOf(error) === FAILED_TRANSACTION;

/** TypeORM copies the code of the driver's error. */
const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;
