import { Injectable } from '@nestjs/common';
import { networkOf } from '../common/http/ip-address.js';
import { Config } from '../config/config.js';
import { RateLimiter } from './rate-limiter.js';

/** Where somebody may knock before he is known; each is counted by itself. */
type ThrottledAction = 'login' | 'login return' | 'sso lookup' | 'confirmation status';

/** How often a minute a network may try a door that is open to everybody (contract decision 44). */
@Injectable()
export class AddressThrottle {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly config: Config,
  ) {}

  /** Throws TooManyRequests. */
  async hit(action: ThrottledAction, clientHost: string | null): Promise<void> {
    const { loginsPerAddressPerMinute } = this.config.rateLimits;
    await this.limiter.hit(`${action} from`, networkOf(clientHost), loginsPerAddressPerMinute);
  }
}
