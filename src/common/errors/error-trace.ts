/**
 * The loggable part of an unexpected error: message and stack, and those of its causes. Other properties, which
 * `inspect` would print, are left out: a database error carries its statement and values, which hold personal data and
 * digests.
 */
export function errorTrace(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${typeof error}`;
  const cause = error.cause === undefined ? '' : `\ncaused by ${errorTrace(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
