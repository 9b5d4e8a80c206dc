import { Injectable } from '@nestjs/common';
import { networkOf } from '../../common/http/ip-address.js';
import { Config } from '../../config/config.js';
import { RateLimiter } from './rate-limiter.js';

/** Operations before authentication; each has its own counter. */
type ThrottledAction =
  'login' | 'login return' | 'sso lookup' | 'confirmation status' | 'front-channel logout';

/** Limits how often per minute a network may call unauthenticated endpoints (docs/contract/http.md#rate-limits). */
@Injectable()
export class AddressThrottle {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly config: Config,
  ) {}

  /** @throws TooManyRequests */
  async hit(action: ThrottledAction, clientHost: string | null): Promise<void> {
    const { loginsPerAddressPerMinute } = this.config.rateLimits;
    await this.limiter.hit(`${action} from`, networkOf(clientHost), loginsPerAddressPerMinute);
  }
}
