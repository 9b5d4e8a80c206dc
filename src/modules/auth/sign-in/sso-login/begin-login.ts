import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { required } from '../../../../common/required.js';
import { Config } from '../../../../config/config.js';
import { AddressThrottle } from '../../../../database/address-throttle.js';
import { IdentityProvider, SsoDisabled, OidcLogin, usesForm } from '../../oidc/index.js';
import { FailedLogins } from './failed-logins.js';
import { returnPath } from './return-path.js';
import { LoginAttempts, type StartedLogin } from './login-attempts.js';

/** A 302 response of the login flow: its target and its Set-Cookie headers. */
export type LoginRedirect = { readonly location: string; readonly setCookies: readonly string[] };

/** Starts a sign-in: creates a login attempt and redirects the browser to the provider's authorization endpoint. */
@Injectable()
export class BeginLogin {
  constructor(
    private readonly throttle: AddressThrottle,
    private readonly provider: IdentityProvider,
    private readonly oidc: OidcLogin,
    private readonly attempts: LoginAttempts,
    private readonly failed: FailedLogins,
    private readonly config: Config,
  ) {}

  /** @throws SsoDisabled, TooManyRequests or ProviderUnavailable */
  async run(redirectTo: unknown, request: FastifyRequest): Promise<LoginRedirect> {
    const { sso, server } = this.config;
    if (!sso) throw new SsoDisabled();
    const facts = requestMetadata(request);
    await this.throttle.hit('login', facts.clientHost);
    const returnTo = returnPath(redirectTo, required(server.publicUrl, 'LANGSMITH_URL'));
    const started = await this.attempts.start(returnTo, request.headers.cookie);
    try {
      return await this.sendToProvider(started);
    } catch (error) {
      await this.failed.record(error, facts);
      throw error;
    }
  }

  private async sendToProvider({ attempt, setCookie }: StartedLogin): Promise<LoginRedirect> {
    const metadata = await this.provider.metadata();
    return {
      location: await this.oidc.authorizationUrl(attempt, metadata),
      setCookies: [setCookie({ crossSite: usesForm(metadata) })],
    };
  }
}
