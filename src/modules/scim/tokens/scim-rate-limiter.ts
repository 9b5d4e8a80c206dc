import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { RateLimiter } from '../../../database/rate-limits/rate-limiter.js';
import { SharedRateLimit } from '../../../database/rate-limits/shared-rate-limit.js';

/** Limits requests per minute and SCIM token (docs/contract/http.md#rate-limits); a bulk request counts once. */
@Injectable()
export class ScimRateLimiter implements OnModuleInit, BeforeApplicationShutdown {
  private readonly limit: SharedRateLimit;

  constructor(limiter: RateLimiter, { rateLimits }: Config) {
    this.limit = new SharedRateLimit(limiter, 'scim requests of', rateLimits.scimRequestsPerMinute);
  }

  onModuleInit(): void {
    this.limit.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.limit.stop();
  }

  /** Counts a request of an authenticated token. @throws TooManyRequests */
  hit(tokenId: string): void {
    this.limit.hit(tokenId);
  }
}
