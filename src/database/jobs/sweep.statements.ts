import type { Statement } from '../transactions/sql.js';

/** A statement that deletes at most `limit` rows, or what they no longer need. */
export type Sweep = Statement & { readonly limit: number };

type SweepOptions = {
  key: string;
  /** The column with the time when a row expires. */
  time?: string;
  /** How long a row is kept after that, with `daysLater`. */
  minutesLater?: number;
  daysLater?: number;
  /** A further condition. */
  where?: string;
  limit?: number;
};

const MINUTES_OF_A_DAY = 24 * 60;

/** Deletes expired rows, a few at a time, and skips locked rows, so that no transaction waits for it. */
export const sweep = (
  table: string,
  { key, time = 'expires_at', minutesLater = 0, daysLater = 0, where = 'true', limit = 100 }: SweepOptions,
): Sweep => ({
  name: `${table}_sweep`,
  text: `
    delete from ${table} where ${key} in (
      select ${key} from ${table} where ${time} < now() - interval '${minutesLater + daysLater * MINUTES_OF_A_DAY} minutes' and ${where}
      order by ${time} limit ${limit} for update skip locked)`,
  limit,
});
