/** The beginning of the ids of prepared transactions. */
export const PREPARED = 'prepared ';

const isPrepared = (writer: string): boolean => writer.startsWith(PREPARED);

/**
 * Those of `pending` that have not ended, by a later list of open writers. `prepare transaction` changes the id of a
 * transaction, so one that is no longer listed may be any prepared one: all of these are waited for.
 */
export function stillWriting(pending: Iterable<string>, active: readonly string[]): ReadonlySet<string> {
  const before = new Set(pending);
  const left = active.filter((writer) => before.has(writer));
  const mayBePrepared = [...before].some((writer) => !isPrepared(writer) && !left.includes(writer));
  return new Set(mayBePrepared ? [...left, ...active.filter(isPrepared)] : left);
}
