import type { Statement } from './sql.js';

/** `time`: the column with the end of a row's use, which it outlives by `minutesLater`. */
type SweepOptions = { key: string; time?: string; minutesLater?: number; limit?: number };

/** Removes rows that are of no more use, a few at a time, and none that somebody works with now: nobody waits for it. */
export const sweep = (
  table: string,
  { key, time = 'expires_at', minutesLater = 0, limit = 100 }: SweepOptions,
): Statement => ({
  name: `${table}_sweep`,
  text: `
    delete from ${table} where ${key} in (
      select ${key} from ${table} where ${time} < now() - interval '${minutesLater} minutes'
      order by ${time} limit ${limit} for update skip locked)`,
});
