import type { Statement } from './sql.js';

/** A statement that deletes at most `limit` rows. */
export type Sweep = Statement & { readonly limit: number };

/**
 * `time`: the column with the time when a row expires; `minutesLater`: how long it is kept after that; `where`: a
 * further condition.
 */
type SweepOptions = { key: string; time?: string; minutesLater?: number; where?: string; limit?: number };

/** Deletes expired rows, a few at a time, and skips locked rows, so that no transaction waits for it. */
export const sweep = (
  table: string,
  { key, time = 'expires_at', minutesLater = 0, where = 'true', limit = 100 }: SweepOptions,
): Sweep => ({
  name: `${table}_sweep`,
  text: `
    delete from ${table} where ${key} in (
      select ${key} from ${table} where ${time} < now() - interval '${minutesLater} minutes' and ${where}
      order by ${time} limit ${limit} for update skip locked)`,
  limit,
});

export const MINUTES_OF_A_DAY = 24 * 60;
