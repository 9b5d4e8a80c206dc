import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { BatchQueue } from '../../common/background/batch-queue.js';
import { first, getOrThrow, zip } from '../../common/collections.js';
import { networkOf } from '../../common/http/network-addresses.js';
import { Metrics } from '../../common/metrics/metrics.js';
import { Config } from '../../config/config.js';
import { sweep } from '../jobs/sweep.statements.js';
import { named, Sql } from '../transactions/sql.js';
import { TooManyRequests } from './rate-limiter.errors.js';

/** The counted action and its subject. */
export type Counted = readonly [action: string, subject: string];

/** The total of a window over all replicas. */
export type Total = { readonly hits: number; readonly secondsLeft: number };

/** Operations before authentication; each has its own counter. */
type AnonymousAction =
  'login' | 'login return' | 'sso lookup' | 'confirmation status' | 'front-channel logout' | 'device code';

type Hit = { readonly counter: string; readonly minutes: number };
type Window = { key: Buffer; hits: number; seconds_left: number; is_new: boolean };

/** Ordered by key, so that replicas that report the same keys do not deadlock. */
const ADD = named('rate_limiter_add')`
  insert into rate_windows as w (key, started_at, hits)
  select key, now(), hits from unnest($1::bytea[], $2::int[]) as news (key, hits) order by key
  on conflict (key) do update set
    started_at = case when w.started_at > now() - make_interval(mins => $3::int) then w.started_at else now() end,
    hits = case when w.started_at > now() - make_interval(mins => $3::int) then w.hits else 0 end + excluded.hits
  returning key, hits, started_at = now() as is_new,
    ceil(extract(epoch from started_at + make_interval(mins => $3::int) - now()))::int as seconds_left`;

const GIVE_BACK = named('rate_limiter_give_back')`
  update rate_windows set hits = hits - 1 where key in (
    select key from rate_windows
    where key = any($1) and hits > 0 order by key for update)`;

/** The longest window of an action is an hour. */
const SWEEP = sweep('rate_windows', { key: 'key', time: 'started_at', minutesLater: 70, limit: 1000 });

/** Counts per minute, or another window, in PostgreSQL, so that all replicas share the counts (docs/contract/http.md#rate-limits). */
@Injectable()
export class RateLimiter {
  /** Concurrent hits of one counter would wait for each other's row lock, each with its own connection. */
  private readonly hits = new BatchQueue<Hit, Total>((hits) => this.addEach(hits), { retryEach: false });

  constructor(
    private readonly sql: Sql,
    private readonly metrics: Metrics,
    private readonly config: Config,
  ) {}

  /**
   * Counts one more `action` of `subject`; a limit of 0 is off. Call it outside of the transaction that it guards, so
   * that refused attempts count too.
   *
   * @param minutes the window of the action, at most 60
   * @throws TooManyRequests if the count exceeds `limit`
   */
  async hit(action: string, subject: string, limit: number, minutes = 1): Promise<void> {
    if (limit === 0) return;
    const hit = { counter: counterOf(action, subject), minutes };
    const { hits, secondsLeft } = await this.hits.enqueue(String(minutes), hit);
    if (hits > limit) throw this.refusal(action, Math.max(1, secondsLeft), hits === limit + 1);
  }

  /** Limits how often a network may call an endpoint that needs no credential. @throws TooManyRequests */
  async hitFrom(action: AnonymousAction, clientHost: string | null): Promise<void> {
    const { loginsPerAddressPerMinute } = this.config.rateLimits;
    await this.hit(`${action} from`, networkOf(clientHost), loginsPerAddressPerMinute);
  }

  /** The error of a request that exceeds the limit of this name, which is counted. */
  refusal(action: string, secondsLeft: number, isFirst = false): TooManyRequests {
    this.metrics.countRateLimitRefusal(action);
    return new TooManyRequests(secondsLeft, isFirst);
  }

  /** Subtracts hits that turned out not to count; of a window that has ended meanwhile, this has no effect. */
  async giveBack(hits: readonly Counted[]): Promise<void> {
    if (hits.length > 0)
      await this.sql.affected(GIVE_BACK, [hits.map((counted) => keyOf(counterOf(...counted)))]);
  }

  /** Adds hits to counters, all in one statement, and returns their totals. */
  async add(hits: ReadonlyMap<string, number>, minutes = 1): Promise<Map<string, Total>> {
    const counters = new Map([...hits.keys()].map((counter) => [keyOf(counter).toString('hex'), counter]));
    const keys = [...counters.keys()].map((key) => Buffer.from(key, 'hex'));
    const windows = await this.sql.rows<Window>(ADD, [keys, [...hits.values()], minutes]);
    if (windows.some(({ is_new: isNew }) => isNew)) await this.sql.affected(SWEEP, []);
    return new Map(
      windows.map(({ key, hits: total, seconds_left: secondsLeft }) => [
        getOrThrow(counters, key.toString('hex')),
        { hits: total, secondsLeft },
      ]),
    );
  }

  /** The count after each hit, in order. All have the same window. */
  private async addEach(batch: readonly Hit[]): Promise<Total[]> {
    const counters = batch.map(({ counter }) => counter);
    const hits = new Map<string, number>();
    const positions = counters.map((counter) => {
      const position = (hits.get(counter) ?? 0) + 1;
      hits.set(counter, position);
      return position;
    });
    const totals = await this.add(hits, first(batch).minutes);
    return zip(counters, positions).map(([counter, position]) => {
      const { hits: total, secondsLeft } = getOrThrow(totals, counter);
      return { hits: total - getOrThrow(hits, counter) + position, secondsLeft };
    });
  }
}

/** Names the counter of an action of a subject. */
export const counterOf = (action: string, subject: string): string => `${action}\0${subject}`;

/** A digest, so that the table holds no personal data. */
const keyOf = (counter: string): Buffer => createHash('sha256').update(counter).digest();
