import type { Statement } from './sql.js';

/** `time`: the column with the time when a row expires; `minutesLater`: how long it is kept after that. */
type SweepOptions = { key: string; time?: string; minutesLater?: number; limit?: number };

/** Deletes expired rows, a few at a time, and skips locked rows, so that no transaction waits for it. */
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
