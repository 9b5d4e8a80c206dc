import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LimitReached } from '../common/errors/domain-error.js';
import type { SharedCount } from './minute-tally.js';
import { Sql } from './sql.js';
import { sweep } from './sweep.js';

/** A limit of so many a minute was reached; the window's end says when to come back. */
export class TooManyRequests extends LimitReached {
  readonly code = 'too_many_requests';

  constructor(readonly retryAfterSeconds: number) {
    super(`Too many requests; try again in ${retryAfterSeconds} seconds.`);
  }
}

type Window = { hits: number; seconds_left: number; is_new: boolean };

/** In the order of keys, so that replicas that tell of the same ones do not deadlock. */
const ADD = {
  name: 'rate_limiter_add',
  text: `
    insert into rate_windows as w (key, started_at, hits)
    select key, now(), hits from unnest($1::bytea[], $2::int[]) as news (key, hits) order by key
    on conflict (key) do update set
      started_at = case when w.started_at > now() - interval '1 minute' then w.started_at else now() end,
      hits = case when w.started_at > now() - interval '1 minute' then w.hits else 0 end + excluded.hits
    returning encode(key, 'hex') as key, hits, started_at = now() as is_new,
      ceil(extract(epoch from started_at + interval '1 minute' - now()))::int as seconds_left`,
};

const SWEEP = sweep('rate_windows', { key: 'key', time: 'started_at', minutesLater: 10, atMost: 1000 });

/** Counts per minute, in PostgreSQL, so that all replicas share one count. */
@Injectable()
export class RateLimiter {
  constructor(private readonly sql: Sql) {}

  /**
   * Counts one more `what` for `who`; throws `TooManyRequests` when it is more than `perMinute`. 0 = no limit.
   * Call it outside of the transaction that it guards, so that a refused attempt counts too.
   */
  async hit(what: string, who: string, perMinute: number): Promise<void> {
    if (perMinute === 0) return;
    const { hits, secondsLeft } = (await this.add(what, new Map([[who, 1]]))).get(who)!;
    if (hits > perMinute) throw new TooManyRequests(Math.max(1, secondsLeft));
  }

  /** Counts so many more for each of them, in one statement; what it came to over all replicas. */
  async add(what: string, news: ReadonlyMap<string, number>): Promise<Map<string, SharedCount>> {
    const whose = new Map([...news.keys()].map((who) => [keyOf(what, who).toString('hex'), who]));
    const keys = [...whose.keys()].map((key) => Buffer.from(key, 'hex'));
    const windows = await this.sql.rows<Window & { key: string }>(ADD, [keys, [...news.values()]]);
    if (windows.some(({ is_new: isNew }) => isNew)) await this.sql.affected(SWEEP, []);
    return new Map(
      windows.map(({ key, hits, seconds_left: secondsLeft }) => [whose.get(key)!, { hits, secondsLeft }]),
    );
  }
}

/** The table names nobody. */
const keyOf = (what: string, who: string): Buffer => createHash('sha256').update(`${what}\0${who}`).digest();
