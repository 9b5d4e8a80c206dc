const MINUTE = 60;
const HOUR = 3600;

/** Before each attempt but the first, in seconds (Standard Webhooks 1.0.0, "Retry schedule"). */
const DELAYS = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/** From the last of so many failed attempts to the next one; null: the event is given up. */
export const secondsToNext = (failures: number): number | null => DELAYS[failures - 1] ?? null;

/** The same in SQL, as an interval. */
export const waitAfter = (failures: string): string =>
  `make_interval(secs => coalesce((array[${DELAYS.join()}])[${failures}], 0))`;
