import { Injectable, Logger } from '@nestjs/common';
import { errorTrace } from '../../../common/errors/log-failure.js';
import { ipv6Network } from '../../../common/http/network-addresses.js';
import type { LoginLane } from '../../../common/secrets/password-hasher.js';
import { Config } from '../../../config/config.js';
import { type Counted, RateLimiter } from '../../../database/rate-limits/rate-limiter.js';
import { LoginNetworksRepository, type LoginOrigin } from './login-networks.repository.js';

export type AdmittedLogin = {
  readonly lane: LoginLane;
  readonly origin: LoginOrigin;
  /** Counters that are given back if the login succeeds. */
  readonly countedAsFailed: readonly Counted[];
};

/** Checked before the password (docs/contract/http.md#rate-limits, docs/contract/passwords.md#login-throttling). */
@Injectable()
export class LoginThrottle {
  private readonly log = new Logger(LoginThrottle.name);

  constructor(
    private readonly limiter: RateLimiter,
    private readonly networks: LoginNetworksRepository,
    private readonly config: Config,
  ) {}

  /**
   * The narrowest network first; what one limit refuses does not count for the next, so that one network cannot use up
   * a shared limit. `email`: null if it is not canonical and so belongs to no account.
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

  /** Called after the session of an admitted login was opened; a failure here is only logged. */
  async succeeded({ origin, countedAsFailed }: AdmittedLogin): Promise<void> {
    await this.limiter
      .giveBack(countedAsFailed)
      .then(() => this.networks.remember(origin))
      .catch((error: unknown) => this.logFailure(error));
  }

  /** Called after an SSO sign-in: its network is preferred, too, for password logins in an emergency. */
  async succeededAtProvider(clientHost: string | null): Promise<void> {
    await this.networks
      .find(clientHost, null)
      .then((origin) => this.networks.remember(origin))
      .catch((error: unknown) => this.logFailure(error));
  }

  /** A request for a password link, or with one, counts as a login attempt of its network. @throws TooManyRequests */
  async admitLink(clientHost: string | null): Promise<void> {
    await this.countNetworks(clientHost, await this.networks.find(clientHost, null));
  }

  /** Limits costly requests like logins; by address, the same with or without an account. @throws TooManyRequests */
  async hitFor(
    action: 'password link for' | 'new password of' | 'confirm email of',
    emailOrUserId: string,
  ): Promise<void> {
    await this.limiter.hit(action, emailOrUserId, this.config.rateLimits.loginsPerEmailPerMinute);
  }

  private logFailure(error: unknown): void {
    this.log.error(`a successful login could not be recorded for the login limits: ${errorTrace(error)}`);
  }

  private async countNetworks(clientHost: string | null, { hasRecentLogin }: LoginOrigin): Promise<void> {
    const limits = this.config.rateLimits;
    await this.limiter.hitFrom('login', clientHost);
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
   * Counts before the password is checked, against concurrent attempts; a success gives the count back. Networks of
   * recent logins of the account are exempt from its total, which others can use up.
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
