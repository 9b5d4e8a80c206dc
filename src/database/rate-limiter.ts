import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LimitReached } from '../common/errors/domain-error.js';
import { Sql } from './sql.js';

/** A limit of so many a minute was reached; the window's end says when to come back. */
class TooManyRequests extends LimitReached {
  readonly code = 'too_many_requests';

  constructor(readonly retryAfterSeconds: number) {
    super(`Too many requests; try again in ${retryAfterSeconds} seconds.`);
  }
}

const HIT = {
  name: 'rate_limiter_hit',
  text: `
    insert into rate_windows as w (key, started_at, hits) values ($1, now(), 1)
    on conflict (key) do update set
      started_at = case when w.started_at > now() - interval '1 minute' then w.started_at else now() end,
      hits = case when w.started_at > now() - interval '1 minute' then w.hits + 1 else 1 end
    returning hits, ceil(extract(epoch from started_at + interval '1 minute' - now()))::int as seconds_left`,
};

const FORGET_OLD = {
  name: 'rate_limiter_forget_old',
  text: `delete from rate_windows where started_at < now() - interval '10 minutes'`,
};

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
    const key = createHash('sha256').update(`${what}\0${who}`).digest();
    const row = await this.sql.row<{ hits: number; seconds_left: number }>(HIT, [key]);
    if (row?.hits === 1) await this.sql.affected(FORGET_OLD, []);
    if (row && row.hits > perMinute) throw new TooManyRequests(Math.max(1, row.seconds_left));
  }
}
