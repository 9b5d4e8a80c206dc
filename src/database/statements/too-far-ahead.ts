/**
 * In SQL: due so much later than the longest wait that can be asked for that the clock was set back since. The two minutes
 * are for claims and short pauses. What is due at `infinity` is disabled.
 *
 * @param longest an interval
 */
export const isTooFarAhead = (dueAt: string, longest: string): string =>
  `${dueAt} > now() + ${longest} + interval '2 minutes' and ${dueAt} < 'infinity'`;
