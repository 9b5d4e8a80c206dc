import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { required } from '../../../../common/collections.js';
import { Config } from '../../../../config/config.js';
import { RateLimiter } from '../../../../database/rate-limits/rate-limiter.js';
import { IdentityProvider, OidcStrategy, SsoDisabled } from '../../oidc/index.js';
import { ForeignIssuer } from '../core/errors.js';
import type { AskedStepUp } from '../core/step-up.js';
import { FailedLogins } from './failed-logins.js';
import { type LoginAttempt, LoginAttempts, returnPath } from './login-attempts.js';

/** What a login request asks for. All of it is untrusted: anyone can craft a link. */
export type LoginOptions = {
  /** Where to go after the sign-in; only an address on our own origin is used. */
  readonly returnTo: unknown;
  /** The issuer that another site names (OpenID Connect Core 1.0, section 4); null if it names none. */
  readonly issuer: string | null;
  readonly hints: Readonly<{ login_hint?: string; prompt?: 'select_account' | 'login' }>;
  /** The organization whose requirement the sign-in has to meet; null: the default one. */
  readonly orgId: string | null;
  readonly stepUp: AskedStepUp;
};

/** A redirect of the login flow, 302 by default: its target and its Set-Cookie headers. */
export type LoginRedirect = {
  readonly location: string;
  readonly setCookies: readonly string[];
  readonly status?: 302 | 303;
};

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
    const metadata = requestMetadata(request);
    await this.limiter.hitFrom('login', metadata.clientHost);
    const returnTo = returnPath(options.returnTo, required(server.publicUrl, 'LANGSMITH_URL'));
    const wanted = { returnTo, orgId: options.orgId, maxAge: options.stepUp.maxAge };
    const attempt = await this.attempts.start(wanted, request.headers.cookie);
    try {
      return await this.sendToProvider(attempt, options);
    } catch (error) {
      await this.failed.record(error, metadata);
      throw error;
    }
  }

  private async sendToProvider(
    attempt: LoginAttempt,
    { issuer, hints, orgId, stepUp }: LoginOptions,
  ): Promise<LoginRedirect> {
    const metadata = await this.provider.metadata();
    if (issuer !== null && issuer !== metadata.issuer) throw new ForeignIssuer();
    const asked = await this.attempts.parametersFor(orgId, stepUp);
    const { url, usesForm } = await this.strategy.begin({ attempt, hints: { ...asked, ...hints } });
    const setCookie = this.attempts.cookie.serialize(attempt, { crossSite: usesForm });
    return { location: url, setCookies: [setCookie] };
  }
}
