import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { required } from '../../../../common/required.js';
import { Config } from '../../../../config/config.js';
import { RateLimiter } from '../../../../database/rate-limits/rate-limiter.js';
import { IdentityProvider, OidcStrategy, SsoDisabled } from '../../oidc/index.js';
import { FailedLogins } from './failed-logins.js';
import { ForeignIssuer } from './login.errors.js';
import type { LoginOptions } from './login-options.mapper.js';
import { returnPath } from './attempt/return-path.js';
import { LoginAttempts, type StartedLogin } from './attempt/login-attempts.js';

/** A redirect of the login flow, 302 by default: its target and its Set-Cookie headers. */
export type LoginRedirect = {
  readonly location: string;
  readonly setCookies: readonly string[];
  readonly status?: 302 | 303;
};

/** Starts a sign-in: creates a login attempt and redirects the browser to the provider's authorization endpoint. */
@Injectable()
export class BeginLogin {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly provider: IdentityProvider,
    private readonly strategy: OidcStrategy,
    private readonly attempts: LoginAttempts,
    private readonly failed: FailedLogins,
    private readonly config: Config,
  ) {}

  /** @throws SsoDisabled, TooManyRequests, TooManySignIns, ForeignIssuer and the errors of OidcStrategy.begin */
  async run(options: LoginOptions, request: FastifyRequest): Promise<LoginRedirect> {
    const { sso, server } = this.config;
    if (!sso) throw new SsoDisabled();
    const facts = requestMetadata(request);
    await this.limiter.hitFrom('login', facts.clientHost);
    const returnTo = returnPath(options.returnTo, required(server.publicUrl, 'LANGSMITH_URL'));
    const started = await this.attempts.start(returnTo, request.headers.cookie);
    try {
      return await this.sendToProvider(started, options);
    } catch (error) {
      await this.failed.record(error, facts);
      throw error;
    }
  }

  private async sendToProvider(
    { attempt, setCookie }: StartedLogin,
    { issuer, hints }: LoginOptions,
  ): Promise<LoginRedirect> {
    const metadata = await this.provider.metadata();
    if (issuer !== null && issuer !== metadata.issuer) throw new ForeignIssuer();
    const { url, usesForm } = await this.strategy.begin({ attempt, hints });
    return { location: url, setCookies: [setCookie({ crossSite: usesForm })] };
  }
}
