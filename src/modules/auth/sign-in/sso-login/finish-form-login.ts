import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { required } from '../../../../common/required.js';
import { Config } from '../../../../config/config.js';
import { SsoDisabled } from '../../oidc/index.js';
import { LoginCookie } from './attempt/login-cookie.js';
import type { LoginRedirect } from './begin-login.js';
import { callbackUrl } from './callback.mapper.js';
import { FinishLogin } from './finish-login.js';
import type { Callback } from './login-verification.js';

/**
 * Completes a sign-in whose response is a form. Browsers send no `SameSite=Lax` cookie with a form of another site, so
 * without the cookie the browser is redirected once to the same callback as GET, with the same parameters.
 */
@Injectable()
export class FinishFormLogin {
  constructor(
    private readonly finishLogin: FinishLogin,
    private readonly cookie: LoginCookie,
    private readonly config: Config,
  ) {}

  /** @throws the errors of FinishLogin.run */
  async run(callback: Callback, request: FastifyRequest): Promise<LoginRedirect> {
    const { sso, server } = this.config;
    if (!sso) throw new SsoDisabled();
    const { state, cookies } = callback;
    if (state === null || this.cookie.returnPathOf(cookies, state) !== null)
      return this.finishLogin.run(callback, request);
    const location = callbackUrl(callback, required(server.publicUrl, 'LANGSMITH_URL'));
    return { location, setCookies: [], status: 303 };
  }
}
