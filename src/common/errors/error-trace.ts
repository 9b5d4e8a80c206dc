/**
 * What a log may say of an unexpected error: its message, where it happened, and the same of its causes. Never its
 * other properties, as `inspect` would print them: an error of the database carries its statement and the values, which
 * are people's data and digests.
 */
export function errorTrace(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${typeof error}`;
  const cause = error.cause === undefined ? '' : `\ncaused by ${errorTrace(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
