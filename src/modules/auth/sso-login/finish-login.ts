import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestFacts } from '../../../common/http/request-facts.js';
import { LoginThrottle } from '../login-throttle.js';
import { SignIn } from '../provisioning/sign-in.js';
import { SsoSessions } from '../sessions/sso-sessions.js';
import type { NextStop } from './begin-login.js';
import { FailedLogins } from './failed-logins.js';
import { LoginCookie } from './login-cookie.js';
import { type Callback, LoginProof, type ProvedLogin } from './login-proof.js';

/** A browser that comes back from the provider → a person who is signed in. */
@Injectable()
export class FinishLogin {
  constructor(
    private readonly proof: LoginProof,
    private readonly signIn: SignIn,
    private readonly sessions: SsoSessions,
    private readonly cookie: LoginCookie,
    private readonly failed: FailedLogins,
    private readonly throttle: LoginThrottle,
  ) {}

  /** Who the person is, and what he gets, is settled with his session: effective in it, and no disabling in between. */
  async run(callback: Callback, request: FastifyRequest): Promise<NextStop> {
    const { attempt, login } = await this.prove(callback, request);
    const { setCookie } = await this.signIn
      .run(login.identity, requestFacts(request), (userId) => this.sessions.open({ userId, login, request }))
      .catch((error: unknown) => this.logged(error));
    await this.throttle.succeededAtProvider(requestFacts(request).clientHost);
    return { location: attempt.returnTo, setCookies: [setCookie, this.cookie.gone(attempt.state)] };
  }

  private async prove(callback: Callback, request: FastifyRequest): Promise<ProvedLogin> {
    try {
      return await this.proof.run(callback);
    } catch (error) {
      await this.failed.record(error, requestFacts(request));
      throw error;
    }
  }

  /** The audit row is the rules' own: they know which organization it is about. */
  private logged(error: unknown): never {
    this.failed.log(error);
    throw error;
  }
}
