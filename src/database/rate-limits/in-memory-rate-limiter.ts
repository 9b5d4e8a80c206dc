import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { PeriodicTask } from '../../common/background/periodic-task.js';
import { Config } from '../../config/config.js';
import { counterOf, RateLimiter, type Total } from './rate-limiter.js';

/** Also labels of the metrics. */
type Action = 'requests of' | 'scim requests of' | 'refused logout tokens from';

/** The hits in the current minute. `unreported`: the part of `total` that other replicas do not know yet. */
type Count = { endsAt: number; total: number; unreported: number; readonly reportFrom: number };

const SHARE_EVERY_MS = 1000;
const MINUTE_MS = 60_000;
/** About 15 MB of memory; further subjects are not counted until an entry expires. */
const MAX_COUNTERS = 100_000;

/**
 * Counts per minute in memory, so that a hit needs no query. Each replica exchanges its counts once a second in one
 * statement, without those below a hundredth of a limit, so hits on other replicas may exceed a limit for a second.
 */
@Injectable()
export class InMemoryRateLimiter implements OnModuleInit, BeforeApplicationShutdown {
  private readonly counts = new Map<string, Count>();
  private readonly exchange = new PeriodicTask('share the counts of rate limits', () => this.share());
  private readonly perMinute: Readonly<Record<Action, number>>;

  constructor(
    private readonly shared: RateLimiter,
    { rateLimits }: Config,
  ) {
    this.perMinute = {
      'requests of': rateLimits.requestsPerMinute,
      'scim requests of': rateLimits.scimRequestsPerMinute,
      'refused logout tokens from': rateLimits.loginsPerAddressPerMinute,
    };
  }

  onModuleInit(): void {
    this.exchange.start(SHARE_EVERY_MS);
  }

  /** Exchanges the remaining counts before the database is closed. */
  beforeApplicationShutdown(): Promise<void> {
    return this.exchange.stop();
  }

  /** Counts `times` more `action` of `subject`; a limit of 0 is off. Refused hits do not count. @throws TooManyRequests */
  hit(action: Action, subject: string, times = 1): void {
    const perMinute = this.perMinute[action];
    if (perMinute === 0 || times === 0) return;
    const [now, counter] = [performance.now(), counterOf(action, subject)];
    const count = this.counts.get(counter);
    if (!count) return this.begin(counter, perMinute, now, times);
    if (count.endsAt <= now) Object.assign(count, { endsAt: now + MINUTE_MS, total: 0, unreported: 0 });
    if (count.total >= perMinute) throw this.shared.refusal(action, Math.ceil((count.endsAt - now) / 1000));
    count.total += times;
    count.unreported += times;
  }

  private begin(counter: string, perMinute: number, now: number, times: number): void {
    if (this.counts.size >= MAX_COUNTERS) return;
    const reportFrom = Math.max(1, Math.floor(perMinute / 100));
    this.counts.set(counter, { endsAt: now + MINUTE_MS, total: times, unreported: times, reportFrom });
  }

  private async share(): Promise<void> {
    const unreported = this.takeUnreported();
    if (unreported.size > 0) this.apply(await this.shared.add(unreported));
  }

  /** The unreported hits, each returned once. Expired entries are removed. */
  private takeUnreported(): Map<string, number> {
    const unreported = new Map<string, number>();
    const now = performance.now();
    for (const [counter, count] of this.counts) {
      if (count.endsAt <= now) this.counts.delete(counter);
      else if (count.unreported >= count.reportFrom) {
        unreported.set(counter, count.unreported);
        count.unreported = 0;
      }
    }
    return unreported;
  }

  /** Hits since `takeUnreported` are added to the totals. */
  private apply(totals: ReadonlyMap<string, Total>): void {
    const now = performance.now();
    for (const [counter, { hits, secondsLeft }] of totals) {
      const count = this.counts.get(counter);
      if (!count) continue;
      count.total = hits + count.unreported;
      count.endsAt = now + secondsLeft * 1000;
    }
  }
}
