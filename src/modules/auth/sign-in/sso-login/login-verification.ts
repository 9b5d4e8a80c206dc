import { Injectable } from '@nestjs/common';
import { Config } from '../../../../config/config.js';
import { RateLimiter } from '../../../../database/rate-limits/rate-limiter.js';
import {
  IdentityProvider,
  OidcStrategy,
  type ProviderMetadata,
  requestTimeout,
  SsoDisabled,
  type SsoLogin,
} from '../../oidc/index.js';
import { InvalidLoginState, toProviderError } from '../core/errors.js';
import { type LoginAttempt, LoginAttempts } from './login-attempts.js';

/** The parameters of the provider's authorization response, with the cookies of the browser. */
export type Callback = {
  readonly state: string | null;
  readonly code: string | null;
  readonly error: string | null;
  readonly issuer: string | null;
  readonly cookies: string | undefined;
  readonly clientHost: string | null;
};

/** Verifies a callback. The state is matched to this browser before any other parameter is used. */
@Injectable()
export class LoginVerification {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly attempts: LoginAttempts,
    private readonly provider: IdentityProvider,
    private readonly strategy: OidcStrategy,
    private readonly config: Config,
  ) {}

  /**
   * @throws SsoDisabled, TooManyRequests, InvalidLoginState, AuthorizationDenied, and the errors of OidcStrategy.redeem
   */
  async run(callback: Callback): Promise<{ attempt: LoginAttempt; login: SsoLogin }> {
    if (!this.config.sso) throw new SsoDisabled();
    await this.limiter.hitFrom('login return', callback.clientHost);
    const attempt = await this.attempts.use(callback.cookies, callback.state);
    const signal = requestTimeout();
    assertIssuer(callback, await this.provider.metadata());
    if (callback.error !== null) throw toProviderError(callback.error);
    if (callback.code === null) throw new InvalidLoginState('no code');
    const login = await this.strategy.redeem({ attempt, code: callback.code, signal });
    return { attempt, login };
  }
}

/** RFC 9207, section 2.4: `iss` is required if the provider announces it, and must match if present. */
function assertIssuer({ issuer }: Callback, metadata: ProviderMetadata): void {
  const isRequired = metadata.authorization_response_iss_parameter_supported === true;
  if (issuer === null ? isRequired : issuer !== metadata.issuer) throw new InvalidLoginState('issuer');
}
