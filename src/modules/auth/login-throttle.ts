import { Injectable, Logger } from '@nestjs/common';
import { traceOf } from '../../common/errors/trace-of.js';
import type { LoginLane } from '../../common/secrets/password-hasher.js';
import { Config } from '../../config/config.js';
import { AddressThrottle } from '../../database/address-throttle.js';
import { RateLimiter } from '../../database/rate-limiter.js';
import { LoginNetworks, type LoginOrigin } from './login-networks/login-networks.js';

/** A login attempt within all limits. */
export type AdmittedLogin = {
  /** Where its password waits to be checked. */
  readonly lane: LoginLane;
  readonly origin: LoginOrigin;
};

/** Limits on login attempts, checked before the password is (contract decision 44). */
@Injectable()
export class LoginThrottle {
  private readonly log = new Logger(LoginThrottle.name);

  constructor(
    private readonly addresses: AddressThrottle,
    private readonly limiter: RateLimiter,
    private readonly networks: LoginNetworks,
    private readonly config: Config,
  ) {}

  /**
   * Counts an attempt. `email`: null if it is not canonical; no account has such an address.
   *
   * @throws TooManyRequests
   */
  async admit(clientHost: string | null, email: string | null): Promise<AdmittedLogin> {
    const origin = await this.networks.find(clientHost, email);
    await this.addresses.hit('login', clientHost);
    if (email) await this.limiter.hit('login as', email, this.config.rateLimits.loginsPerEmailPerMinute);
    return { lane: origin.hasRecentLogin ? 'preferred' : 'anonymous', origin };
  }

  /** Of an admitted login whose session has started; a failure here is logged, since the login itself succeeded. */
  async succeeded({ origin }: AdmittedLogin): Promise<void> {
    await this.networks.remember(origin).catch((error: unknown) => this.logFailure(error));
  }

  /** What users may ask for their own account takes as much work as a login. Throws TooManyRequests. */
  async hitOwn(what: 'new password of' | 'confirm email of', userId: string): Promise<void> {
    await this.limiter.hit(what, userId, this.config.rateLimits.loginsPerEmailPerMinute);
  }

  private logFailure(error: unknown): void {
    this.log.error(`a successful login could not be noted for the login limits: ${traceOf(error)}`);
  }
}
