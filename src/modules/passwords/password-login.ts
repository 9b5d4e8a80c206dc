import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { canonicalEmailOrNull } from '../../common/canonical-email.js';
import { requestMetadata, type RequestMetadata } from '../../common/http/request-metadata.decorator.js';
import { Metrics } from '../../common/metrics/metrics.js';
import { Config } from '../../config/config.js';
import { BrowserSession, isRecordedRefusal, type StartedSession } from '../sessions/index.js';
import { BreakGlassLogin } from './break-glass/break-glass-login.js';
import { BasicLogin } from './core/basic-login.js';
import { InvalidLogin } from './core/errors.js';
import type { LoginCredentials } from './core/login-credentials.js';
import { LoginThrottle } from './core/login-throttle.js';

/** Password login: basic auth, or break-glass access while it is open. */
@Injectable()
export class PasswordLogin {
  constructor(
    private readonly basic: BasicLogin,
    private readonly breakGlass: BreakGlassLogin,
    private readonly throttle: LoginThrottle,
    private readonly browserSession: BrowserSession,
    private readonly config: Config,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Starts a session. Null (malformed) credentials are refused like wrong ones.
   *
   * @throws PasswordLoginDisabled, TooManyRequests, InvalidLogin, PasswordHashingBusy or PasswordHashingOverloaded
   */
  logIn(credentials: LoginCredentials | null, request: RequestMetadata): Promise<StartedSession> {
    const [method, login] = this.config.sso
      ? (['break-glass', this.breakGlass] as const)
      : (['password', this.basic] as const);
    return this.metrics.countLogin(method, async () => {
      const email = canonicalEmailOrNull(credentials?.email ?? '');
      const attempt = await login.begin(email, request);
      try {
        const admitted = await this.throttle.admit(request.clientHost, email);
        const session = await attempt.start(credentials?.password ?? '', admitted.lane);
        if (!session) throw new InvalidLogin();
        await this.throttle.succeeded(admitted);
        return session;
      } catch (error) {
        if (isRecordedRefusal(error)) await attempt.recordRefusal(error);
        throw error;
      }
    });
  }

  /**
   * Into the session cookie. The previous session ends only after the login has succeeded.
   *
   * @throws CrossSiteRequest, and what {@link logIn} throws
   */
  async logInBrowser(
    credentials: LoginCredentials | null,
    request: FastifyRequest,
  ): Promise<{ token: string; setCookie: string }> {
    this.browserSession.assertMayBeOpened(request);
    const session = await this.logIn(credentials, requestMetadata(request));
    return { token: session.token, setCookie: await this.browserSession.replace(request, session) };
  }
}
