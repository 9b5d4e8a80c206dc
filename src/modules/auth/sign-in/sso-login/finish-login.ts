import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { Metrics } from '../../../../common/metrics/metrics.js';
import { required } from '../../../../common/collections.js';
import { Config } from '../../../../config/config.js';
import { LoginThrottle } from '../../../passwords/index.js';
import { SsoDisabled } from '../../oidc/index.js';
import { type Callback, callbackUrl } from '../core/redeem-callback.js';
import { SignIn } from '../provisioning/sign-in.js';
import type { LoginRedirect } from './begin-login.js';
import { FailedLogins } from './failed-logins.js';
import { LoginAttempts } from './login-attempts.js';

@Injectable()
export class FinishLogin {
  constructor(
    private readonly attempts: LoginAttempts,
    private readonly signIn: SignIn,
    private readonly metrics: Metrics,
    private readonly failed: FailedLogins,
    private readonly throttle: LoginThrottle,
    private readonly config: Config,
  ) {}

  /** @throws the errors of LoginAttempts.redeem and SignIn.run */
  run(callback: Callback, request: FastifyRequest): Promise<LoginRedirect> {
    return this.metrics.countLogin('sso', () => this.finish(callback, request));
  }

  /**
   * For a callback that the provider sends as a form. Browsers send no `SameSite=Lax` cookie with a form of another
   * site, so without the cookie the browser is redirected once to the same callback as GET, with the same parameters.
   *
   * @throws the errors of `run`
   */
  async runForm(callback: Callback, request: FastifyRequest): Promise<LoginRedirect> {
    const { sso, server } = this.config;
    if (!sso) throw new SsoDisabled();
    const { state, cookies } = callback;
    if (state === null || this.attempts.cookie.wantedBy(cookies, state) !== null)
      return this.run(callback, request);
    const location = callbackUrl(callback, required(server.publicUrl, 'LANGSMITH_URL'));
    return { location, setCookies: [], status: 303 };
  }

  private async finish(callback: Callback, request: FastifyRequest): Promise<LoginRedirect> {
    const metadata = requestMetadata(request);
    const { attempt, login, requirement } = await this.attempts
      .redeem(callback)
      .catch(async (error: unknown) => {
        await this.failed.record(error, metadata);
        throw error;
      });
    const { setCookie } = await this.signIn.run(login, request, requirement).catch((error: unknown) => {
      this.failed.log(error); // SignIn has recorded it
      throw error;
    });
    await this.throttle.succeededAtProvider(metadata.clientHost);
    return {
      location: attempt.returnTo,
      setCookies: [setCookie, this.attempts.cookie.serializeCleared(attempt.state)],
    };
  }
}
