import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { networkOf } from '../../../../common/http/ip-address.js';
import type { RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { LimitedLog } from '../../../../common/logging/limited-log.js';
import { Config } from '../../../../config/config.js';
import { RateLimiter } from '../../../../database/rate-limits/rate-limiter.js';
import { SharedRateLimit } from '../../../../database/rate-limits/shared-rate-limit.js';
import type { InvalidLogoutToken } from '../../oidc/index.js';

/**
 * Invalid logout tokens: logged, and rate-limited per network like logins. Valid ones are not counted, because a
 * provider may sign out many users from one address.
 */
@Injectable()
export class RefusedLogoutTokens implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new LimitedLog(new Logger('BackchannelLogout'));
  private readonly limit: SharedRateLimit;

  constructor(limiter: RateLimiter, { rateLimits }: Config) {
    this.limit = new SharedRateLimit(
      limiter,
      'refused logout tokens from',
      rateLimits.loginsPerAddressPerMinute,
    );
  }

  onModuleInit(): void {
    this.limit.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.limit.stop();
  }

  /**
   * Counts an invalid token of the client's network.
   *
   * @throws TooManyRequests
   */
  record({ reason }: InvalidLogoutToken, { clientHost }: RequestMetadata): void {
    this.log.warn(`a logout token was refused: ${reason}`);
    this.limit.hit(networkOf(clientHost));
  }
}
