import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { Rounds } from '../../common/background/rounds.js';
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
  private readonly tally: MinuteTally | null;
  private readonly rounds = new Rounds('share how many requests were made', () => this.share());

  constructor(
    private readonly limiter: RateLimiter,
    { rateLimits }: Config,
  ) {
    this.tally = rateLimits.requestsPerMinute === 0 ? null : new MinuteTally(rateLimits.requestsPerMinute);
  }

  onModuleInit(): void {
    if (this.tally) this.rounds.start(SHARE_EVERY_MS);
  }

  /** Before the database is closed: whoever starts next knows what was used up. */
  beforeApplicationShutdown(): Promise<void> {
    return this.rounds.stop();
  }

  /** Counts a request of a credential that was recognised; throws TooManyRequests. */
  hit(credentialId: string): void {
    const secondsLeft = this.tally?.hit(credentialId) ?? null;
    if (secondsLeft !== null) throw new TooManyRequests(secondsLeft);
  }

  private async share(): Promise<void> {
    const news = this.tally?.takeNews();
    if (news?.size) this.tally?.learn(await this.limiter.add('requests of', news));
  }
}
