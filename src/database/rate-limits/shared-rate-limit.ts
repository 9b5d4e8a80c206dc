import { PeriodicTask } from '../../common/background/periodic-task.js';
import type { RateLimiter } from './rate-limiter.js';
import { SharedRateCounter } from './shared-rate-counter.js';

const SHARE_EVERY_MS = 1000;

/**
 * A limit per minute and key, counted in memory, so that a hit needs no query. Each replica exchanges its counts once a
 * second, all keys in one statement: a key may exceed its limit by its hits on other replicas within a second. Counts
 * that could not be exchanged are lost.
 */
export class SharedRateLimit {
  private readonly counter: SharedRateCounter | null;
  private readonly exchange: PeriodicTask;

  /** @param what names the limit in the database; `perMinute` 0 turns it off */
  constructor(
    private readonly limiter: RateLimiter,
    private readonly what: string,
    perMinute: number,
  ) {
    this.counter = perMinute === 0 ? null : new SharedRateCounter(perMinute);
    this.exchange = new PeriodicTask(`share the counts of "${what}"`, () => this.share());
  }

  start(): void {
    if (this.counter) this.exchange.start(SHARE_EVERY_MS);
  }

  /** Exchanges the remaining counts; call it before the database is closed. */
  stop(): Promise<void> {
    return this.exchange.stop();
  }

  /** @throws TooManyRequests */
  hit(key: string): void {
    const secondsLeft = this.counter?.hit(key) ?? null;
    if (secondsLeft !== null) throw this.limiter.refusal(this.what, secondsLeft);
  }

  private async share(): Promise<void> {
    const unreported = this.counter?.takeUnreported();
    if (unreported?.size) this.counter?.applyTotals(await this.limiter.addHits(this.what, unreported));
  }
}
