import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { LoginThrottle } from '../login-throttle.js';
import { SignIn } from '../provisioning/sign-in.js';
import { SsoSessions } from '../sessions/sso-sessions.js';
import type { LoginRedirect } from './begin-login.js';
import { FailedLogins } from './failed-logins.js';
import { LoginCookie } from './login-cookie.js';
import { type Callback, LoginVerification, type VerifiedLoginAttempt } from './login-verification.js';

/** A browser that comes back from the provider → a person who is signed in. */
@Injectable()
export class FinishLogin {
  constructor(
    private readonly verification: LoginVerification,
    private readonly signIn: SignIn,
    private readonly sessions: SsoSessions,
    private readonly cookie: LoginCookie,
    private readonly failed: FailedLogins,
    private readonly throttle: LoginThrottle,
  ) {}

  /** Who the person is, and what he gets, is settled with his session: effective in it, and no disabling in between. */
  async run(callback: Callback, request: FastifyRequest): Promise<LoginRedirect> {
    const { attempt, login } = await this.verify(callback, request);
    const { setCookie } = await this.signIn
      .run(login.identity, requestMetadata(request), (userId) =>
        this.sessions.open({ userId, login, request }),
      )
      .catch((error: unknown) => this.logAndRethrow(error));
    await this.throttle.succeededAtProvider(requestMetadata(request).clientHost);
    return {
      location: attempt.returnTo,
      setCookies: [setCookie, this.cookie.serializeCleared(attempt.state)],
    };
  }

  private async verify(callback: Callback, request: FastifyRequest): Promise<VerifiedLoginAttempt> {
    try {
      return await this.verification.run(callback);
    } catch (error) {
      await this.failed.record(error, requestMetadata(request));
      throw error;
    }
  }

  /** The audit row is the rules' own: they know which organization it is about. */
  private logAndRethrow(error: unknown): never {
    this.failed.log(error);
    throw error;
  }
}
