import { Injectable, Logger } from '@nestjs/common';
import { errorTrace } from '../../common/errors/error-trace.js';
import { ipv6Network } from '../../common/http/ip-address.js';
import type { LoginLane } from '../../common/secrets/password-hasher.js';
import { Config } from '../../config/config.js';
import { AddressThrottle } from '../../database/address-throttle.js';
import { type Counted, RateLimiter } from '../../database/rate-limiter.js';
import { LoginNetworks, type LoginOrigin } from './login-networks/login-networks.js';

/** A login attempt within all limits. */
export type AdmittedLogin = {
  /** Where its password waits to be checked. */
  readonly lane: LoginLane;
  readonly origin: LoginOrigin;
  /** What only a failure uses up. */
  readonly countedAsFailed: readonly Counted[];
};

/** Limits on login attempts, checked before the password is (contract decisions 44 and 53). */
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
   * Counts an attempt. The narrowest network is counted first, and what one limit refuses does not count for the next,
   * so that a single network cannot use up a limit that it shares with others. `email`: null if it is not canonical; no
   * account has such an address.
   *
   * @throws TooManyRequests
   */
  async admit(clientHost: string | null, email: string | null): Promise<AdmittedLogin> {
    const origin = await this.networks.find(clientHost, email);
    await this.countNetworks(clientHost, origin);
    return {
      lane: origin.hasRecentLogin ? 'preferred' : 'anonymous',
      origin,
      countedAsFailed: email === null ? [] : await this.countAsFailed(email, origin),
    };
  }

  /** Of an admitted login whose session has started; a failure here is logged, since the login itself succeeded. */
  async succeeded({ origin, countedAsFailed }: AdmittedLogin): Promise<void> {
    await this.limiter
      .giveBack(countedAsFailed)
      .then(() => this.networks.remember(origin))
      .catch((error: unknown) => this.logFailure(error));
  }

  /** A sign-in at the identity provider: its network is preferred too when a password is needed in an emergency. */
  async succeededAtProvider(clientHost: string | null): Promise<void> {
    await this.networks
      .find(clientHost, null)
      .then((origin) => this.networks.remember(origin))
      .catch((error: unknown) => this.logFailure(error));
  }

  /** What users may ask for their own account takes as much work as a login. Throws TooManyRequests. */
  async hitForUser(action: 'new password of' | 'confirm email of', userId: string): Promise<void> {
    await this.limiter.hit(action, userId, this.config.rateLimits.loginsPerEmailPerMinute);
  }

  private logFailure(error: unknown): void {
    this.log.error(`a successful login could not be noted for the login limits: ${errorTrace(error)}`);
  }

  private async countNetworks(clientHost: string | null, { hasRecentLogin }: LoginOrigin): Promise<void> {
    const limits = this.config.rateLimits;
    await this.addresses.hit('login', clientHost);
    await this.countIpv6(clientHost, 56, limits.loginsPerIpv6Net56PerMinute);
    await this.countIpv6(clientHost, 48, limits.loginsPerIpv6Net48PerMinute);
    if (!hasRecentLogin)
      await this.limiter.hit('login from new networks', '', limits.loginsOfNewNetworksPerMinute);
  }

  private async countIpv6(clientHost: string | null, bits: 48 | 56, perMinute: number): Promise<void> {
    const network = clientHost === null ? null : ipv6Network(clientHost, bits);
    if (network !== null) await this.limiter.hit('login from', network, perMinute);
  }

  /**
   * Counted before the password is checked, so that attempts at once cannot pass together; a success gives it back. A
   * network where the account itself logged in recently is not held to the total that others can use up.
   */
  private async countAsFailed(email: string, origin: LoginOrigin): Promise<Counted[]> {
    const { loginsPerEmailPerMinute, loginsPerEmailAndNetworkPerMinute } = this.config.rateLimits;
    const limits: [...Counted, perMinute: number][] = [
      ['failed login as and from', `${email}\0${origin.network ?? ''}`, loginsPerEmailAndNetworkPerMinute],
    ];
    if (!origin.hasRecentLoginOfAccount) limits.push(['failed login as', email, loginsPerEmailPerMinute]);
    for (const limit of limits) await this.limiter.hit(...limit);
    return limits.filter(([, , perMinute]) => perMinute > 0).map(([action, who]) => [action, who]);
  }
}
