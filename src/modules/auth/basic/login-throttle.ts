import { Injectable } from '@nestjs/common';
import { networkOf } from '../../../common/http/ip-address.js';
import { Config } from '../../../config/config.js';
import { RateLimiter } from '../../../database/rate-limiter.js';

/** How often anybody may try to log in; asked before the expensive part (contract decision 44). */
@Injectable()
export class LoginThrottle {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly config: Config,
  ) {}

  /** Nobody has an address that is not canonical, so guessing at it gains nothing. Throws TooManyRequests. */
  async hit(clientHost: string | null, email: string | null): Promise<void> {
    const { loginsPerAddressPerMinute, loginsPerEmailPerMinute } = this.config.rateLimits;
    await this.limiter.hit('login from', networkOf(clientHost), loginsPerAddressPerMinute);
    if (email) await this.limiter.hit('login as', email, loginsPerEmailPerMinute);
  }

  /** Those who come back from the identity provider, counted by themselves: whoever may go there may return. */
  async hitReturn(clientHost: string | null): Promise<void> {
    const { loginsPerAddressPerMinute } = this.config.rateLimits;
    await this.limiter.hit('login return to', networkOf(clientHost), loginsPerAddressPerMinute);
  }

  /** A new password for the own account takes as much work as a login. */
  async hitNewPassword(userId: string): Promise<void> {
    await this.limiter.hit('new password of', userId, this.config.rateLimits.loginsPerEmailPerMinute);
  }
}
