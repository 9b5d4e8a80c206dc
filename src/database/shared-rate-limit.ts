import { PeriodicTask } from '../common/background/periodic-task.js';
import { SharedRateCounter } from './shared-rate-counter.js';
import { type RateLimiter, TooManyRequests } from './rate-limiter.js';

const SHARE_EVERY_MS = 1000;

/**
 * So many per minute and key, counted in memory, so that a hit asks no database. Once a second each process adds its
 * counts to those of the others, all keys in one statement: over several replicas a key may exceed its limit by what it
 * does in a second. Counts that could not be shared are lost.
 */
export class SharedRateLimit {
  private readonly tally: SharedRateCounter | null;
  private readonly rounds: PeriodicTask;

  /** @param what names the limit among those of the database; `perMinute` 0 turns it off */
  constructor(
    private readonly limiter: RateLimiter,
    private readonly what: string,
    perMinute: number,
  ) {
    this.tally = perMinute === 0 ? null : new SharedRateCounter(perMinute);
    this.rounds = new PeriodicTask(`share the counts of "${what}"`, () => this.share());
  }

  start(): void {
    if (this.tally) this.rounds.start(SHARE_EVERY_MS);
  }

  /** Shares what is left; call it before the database is closed. */
  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** @throws TooManyRequests */
  hit(key: string): void {
    const secondsLeft = this.tally?.hit(key) ?? null;
    if (secondsLeft !== null) throw new TooManyRequests(secondsLeft);
  }

  private async share(): Promise<void> {
    const news = this.tally?.takeUnreported();
    if (news?.size) this.tally?.applyTotals(await this.limiter.addHits(this.what, news));
  }
}
