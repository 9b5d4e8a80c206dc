import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { BatchQueue } from '../../common/background/batch-queue.js';
import { getOrThrow, zip } from '../../common/collections.js';
import { Metrics } from '../../common/metrics/metrics.js';
import { sweep } from '../jobs/sweep.statements.js';
import { TooManyRequests } from './rate-limiter.errors.js';
import type { SharedCount } from './shared-rate-counter.js';
import { Sql } from '../transactions/sql.js';

type Window = { hits: number; seconds_left: number; is_new: boolean };

/** Ordered by key, so that replicas that report the same keys do not deadlock. */
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

const GIVE_BACK = {
  name: 'rate_limiter_give_back',
  text: `
    update rate_windows set hits = hits - 1 where key in (
      select key from rate_windows
      where key = any($1) and hits > 0 and started_at > now() - interval '1 minute' order by key for update)`,
};

const SWEEP = sweep('rate_windows', { key: 'key', time: 'started_at', minutesLater: 10, limit: 1000 });

/** The counted action and its subject. */
export type Counted = readonly [what: string, who: string];

/** Counts per minute in PostgreSQL, so that all replicas share the counts. */
@Injectable()
export class RateLimiter {
  /** Concurrent hits of one key would wait for each other's row lock, each with its own connection. */
  private readonly hits = new BatchQueue<string, SharedCount>((keys) => this.addEach(keys), {
    retryEach: false,
  });

  constructor(
    private readonly sql: Sql,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Counts one more `action` of `subject`; a limit of 0 is off. Call it outside of the transaction that it guards, so
   * that refused attempts count too.
   *
   * @throws TooManyRequests if the count exceeds `perMinute`
   */
  async hit(action: string, subject: string, perMinute: number): Promise<void> {
    if (perMinute === 0) return;
    const { hits, secondsLeft } = await this.hits.enqueue('', keyOf(action, subject).toString('hex'));
    if (hits > perMinute) throw this.refusal(action, Math.max(1, secondsLeft), hits === perMinute + 1);
  }

  /** The error of a request that exceeds the limit of this name, which is counted. */
  refusal(action: string, secondsLeft: number, isFirst = false): TooManyRequests {
    this.metrics.countRateLimitRefusal(action);
    return new TooManyRequests(secondsLeft, isFirst);
  }

  /** Subtracts hits of the current minute that turned out not to count. */
  async giveBack(hits: readonly Counted[]): Promise<void> {
    if (hits.length > 0)
      await this.sql.affected(GIVE_BACK, [hits.map(([action, subject]) => keyOf(action, subject))]);
  }

  /** Adds to the counts of all keys in one statement and returns the totals over all replicas. */
  async addHits(
    action: string,
    hitsBySubject: ReadonlyMap<string, number>,
  ): Promise<Map<string, SharedCount>> {
    const keyed = [...hitsBySubject].map(([subject, hits]) => ({
      key: keyOf(action, subject).toString('hex'),
      subject,
      hits,
    }));
    const counts = await this.addKeys(new Map(keyed.map(({ key, hits }) => [key, hits])));
    return new Map(keyed.map(({ key, subject }) => [subject, getOrThrow(counts, key)]));
  }

  /** The count after each hit, in order. */
  private async addEach(keys: readonly string[]): Promise<SharedCount[]> {
    const hits = new Map<string, number>();
    const positions = keys.map((key) => {
      const position = (hits.get(key) ?? 0) + 1;
      hits.set(key, position);
      return position;
    });
    const counts = await this.addKeys(hits);
    return zip(keys, positions).map(([key, position]) => {
      const { hits: total, secondsLeft } = getOrThrow(counts, key);
      return { hits: total - getOrThrow(hits, key) + position, secondsLeft };
    });
  }

  private async addKeys(hits: ReadonlyMap<string, number>): Promise<Map<string, SharedCount>> {
    const keys = [...hits.keys()].map((key) => Buffer.from(key, 'hex'));
    const windows = await this.sql.rows<Window & { key: string }>(ADD, [keys, [...hits.values()]]);
    if (windows.some(({ is_new: isNew }) => isNew)) await this.sql.affected(SWEEP, []);
    return new Map(
      windows.map(({ key, hits: total, seconds_left: secondsLeft }) => [key, { hits: total, secondsLeft }]),
    );
  }
}

/** Keys are digests, so that the table holds no personal data. */
const keyOf = (action: string, subject: string): Buffer =>
  createHash('sha256').update(`${action}\0${subject}`).digest();
