import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { Transaction } from '../../../database/transaction.js';
import { BrowserSession, SessionCookie } from '../../sessions/index.js';
import type { LoginCredentials } from '../core/login-credentials.js';
import { PasswordLogin } from './password-login.js';

/** Password login of a browser, which keeps the token in the session cookie, out of reach of scripts. */
@Injectable()
export class BrowserLogin {
  constructor(
    private readonly login: PasswordLogin,
    private readonly cookie: SessionCookie,
    private readonly browserSession: BrowserSession,
    private readonly transaction: Transaction,
  ) {}

  /**
   * The previous session of the browser ends only after the login has succeeded.
   *
   * @throws CrossSiteRequest, and what {@link PasswordLogin.logIn} throws
   */
  async logIn(
    credentials: LoginCredentials | null,
    request: FastifyRequest,
  ): Promise<{ token: string; setCookie: string }> {
    this.cookie.assertMayBeSet(request);
    const session = await this.login.logIn(credentials, requestMetadata(request));
    await this.transaction.run(() => this.browserSession.end(request));
    return { token: session.token, setCookie: this.cookie.serialize(session.token, session) };
  }
}
