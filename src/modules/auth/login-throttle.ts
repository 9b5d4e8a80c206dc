import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { AddressThrottle } from '../../database/address-throttle.js';
import { RateLimiter } from '../../database/rate-limiter.js';

/** How often anybody may try to log in; asked before the expensive part (contract decision 44). */
@Injectable()
export class LoginThrottle {
  constructor(
    private readonly addresses: AddressThrottle,
    private readonly limiter: RateLimiter,
    private readonly config: Config,
  ) {}

  /** Nobody has an address that is not canonical, so guessing at it gains nothing. Throws TooManyRequests. */
  async hit(clientHost: string | null, email: string | null): Promise<void> {
    await this.addresses.hit('login', clientHost);
    if (email) await this.limiter.hit('login as', email, this.config.rateLimits.loginsPerEmailPerMinute);
  }

  /** What somebody may ask for his own account takes as much work as a login. */
  async hitOwn(what: 'new password of' | 'confirm email of', userId: string): Promise<void> {
    await this.limiter.hit(what, userId, this.config.rateLimits.loginsPerEmailPerMinute);
  }
}
