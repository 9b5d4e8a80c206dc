import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { LoginThrottle } from '../../../passwords/index.js';
import { SignIn } from '../provisioning/sign-in.js';
import { OpenSsoSession } from '../../../sessions/index.js';
import type { LoginRedirect } from './begin-login.js';
import { FailedLogins } from './failed-logins.js';
import { LoginCookie } from './attempt/login-cookie.js';
import { type Callback, LoginVerification, type VerifiedLoginAttempt } from './login-verification.js';

/** Completes a sign-in: verifies the callback and opens a session for the user. */
@Injectable()
export class FinishLogin {
  constructor(
    private readonly verification: LoginVerification,
    private readonly signIn: SignIn,
    private readonly openSession: OpenSsoSession,
    private readonly cookie: LoginCookie,
    private readonly failed: FailedLogins,
    private readonly throttle: LoginThrottle,
  ) {}

  /**
   * The session is opened in the sign-in transaction, so the member cannot be disabled between the decision and the
   * session.
   */
  run(callback: Callback, request: FastifyRequest): Promise<LoginRedirect> {
    return this.failed.count(() => this.finish(callback, request));
  }

  private async finish(callback: Callback, request: FastifyRequest): Promise<LoginRedirect> {
    const { attempt, login } = await this.verify(callback, request);
    const { setCookie } = await this.signIn
      .run(login.identity, requestMetadata(request), (userId) =>
        this.openSession.run({ userId, login, request }),
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

  /** The audit entry of a refusal is written by SignIn, which knows the organization. */
  private logAndRethrow(error: unknown): never {
    this.failed.log(error);
    throw error;
  }
}
