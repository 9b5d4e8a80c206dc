import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { RateLimiter } from '../../../database/rate-limits/rate-limiter.js';
import { SharedRateLimit } from '../../../database/rate-limits/shared-rate-limit.js';

/** Limits requests per minute and credential (docs/contract/http.md#rate-limits). */
@Injectable()
export class RequestRateLimiter implements OnModuleInit, BeforeApplicationShutdown {
  private readonly limit: SharedRateLimit;

  constructor(limiter: RateLimiter, { rateLimits }: Config) {
    this.limit = new SharedRateLimit(limiter, 'requests of', rateLimits.requestsPerMinute);
  }

  onModuleInit(): void {
    this.limit.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.limit.stop();
  }

  /**
   * Counts a request of an authenticated credential.
   *
   * @throws TooManyRequests
   */
  hit(credentialId: string): void {
    this.limit.hit(credentialId);
  }
}
