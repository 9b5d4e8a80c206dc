import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { traceOf } from '../../common/errors/trace-of.js';
import { Config } from '../../config/config.js';
import { MinuteTally } from '../../database/minute-tally.js';
import { RateLimiter, TooManyRequests } from '../../database/rate-limiter.js';

const SHARE_EVERY_MS = 1000;

/**
 * So many requests a minute per credential (contract decision 44). Each process counts in memory and tells the
 * others once a second, all credentials in one statement, so no request writes. What that costs: over several replicas
 * a credential may do more than its limit, by what it does in a second. News that got lost are missing, no more.
 */
@Injectable()
export class LimitRequests implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(LimitRequests.name);
  private readonly tally: MinuteTally | null;
  private timer: NodeJS.Timeout | undefined;
  private isSharing = false;

  constructor(
    private readonly limiter: RateLimiter,
    { rateLimits }: Config,
  ) {
    this.tally = rateLimits.requestsPerMinute === 0 ? null : new MinuteTally(rateLimits.requestsPerMinute);
  }

  onModuleInit(): void {
    if (this.tally) this.timer = setInterval(() => void this.share(), SHARE_EVERY_MS).unref();
  }

  /** Before the database is closed: whoever starts next knows what was used up. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.share();
  }

  /** Counts a request of a credential that was recognised; throws TooManyRequests. */
  hit(credentialId: string): void {
    const secondsLeft = this.tally?.hit(credentialId) ?? null;
    if (secondsLeft !== null) throw new TooManyRequests(secondsLeft);
  }

  private async share(): Promise<void> {
    if (!this.tally || this.isSharing) return;
    const news = this.tally.takeNews();
    if (news.size === 0) return;
    this.isSharing = true;
    try {
      this.tally.learn(await this.limiter.add('requests of', news));
    } catch (error) {
      this.log.error(`could not share how many requests were made\n${traceOf(error)}`);
    } finally {
      this.isSharing = false;
    }
  }
}
