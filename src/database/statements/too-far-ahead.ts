/**
 * In SQL: whether the time is so far after the longest possible wait that the clock must have been set back. The two
 * minutes are for claims and short pauses. What is due at `infinity` is disabled.
 *
 * @param longest an interval
 */
export const isTooFarAhead = (dueAt: string, longest: string): string =>
  `${dueAt} > now() + ${longest} + interval '2 minutes' and ${dueAt} < 'infinity'`;
