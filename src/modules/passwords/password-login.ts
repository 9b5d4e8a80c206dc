import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestMetadata, type RequestMetadata } from '../../common/http/request-metadata.decorator.js';
import { Metrics } from '../../common/metrics/metrics.js';
import { Config } from '../../config/config.js';
import { BrowserSession, SessionCookie, type StartedSession } from '../sessions/index.js';
import { BasicLoginService } from './basic-login.service.js';
import { BreakGlassLogin } from './break-glass/break-glass-login.js';
import type { LoginCredentials } from './core/login-credentials.js';

/** Password login: basic auth, or break-glass access while it is open. */
@Injectable()
export class PasswordLogin {
  constructor(
    private readonly basic: BasicLoginService,
    private readonly breakGlass: BreakGlassLogin,
    private readonly config: Config,
    private readonly metrics: Metrics,
    private readonly cookie: SessionCookie,
    private readonly browserSession: BrowserSession,
  ) {}

  logIn(credentials: LoginCredentials | null, request: RequestMetadata): Promise<StartedSession> {
    const [method, login] = this.config.sso
      ? (['break-glass', this.breakGlass] as const)
      : (['password', this.basic] as const);
    return this.metrics.countLogin(method, () => login.logIn(credentials, request));
  }

  /**
   * For a browser, which keeps the token in the session cookie, out of reach of scripts. Its previous session ends only
   * after the login has succeeded.
   *
   * @throws CrossSiteRequest, and what {@link logIn} throws
   */
  async logInBrowser(
    credentials: LoginCredentials | null,
    request: FastifyRequest,
  ): Promise<{ token: string; setCookie: string }> {
    this.cookie.assertMayBeSet(request);
    const session = await this.logIn(credentials, requestMetadata(request));
    await this.browserSession.end(request);
    return { token: session.token, setCookie: this.cookie.serialize(session.token, session) };
  }
}
