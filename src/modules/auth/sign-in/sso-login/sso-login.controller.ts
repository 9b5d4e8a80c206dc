import { Controller, Get, HttpStatus, Post, Req, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../../../common/access/access.decorator.js';
import {
  AcceptsForm,
  Refuses,
  ReturnsPage,
  ReturnsRedirect,
} from '../../../../common/http/operations/operation.decorator.js';
import { ApiQuery, ApiTags } from '../../../../common/http/operations/swagger.decorator.js';
import { type Page, sendPage } from '../core/page.js';
import { REFUSALS } from '../provisioning/sign-in.errors.js';
import { FinishTest } from '../test-sign-in/finish-test.js';
import { isTestState } from '../test-sign-in/test-attempts.js';
import { BeginLogin, type LoginRedirect } from './begin-login.js';
import { FinishLogin } from './finish-login.js';
import { LoginFailureFilter } from './login-failure.filter.js';
import { toCallback, toLoginOptions } from './login-parameters.mapper.js';

const START = ['foreign_issuer', 'too_many_sign_ins'];

const SIGN_IN = [
  'invalid_login_state',
  'authorization_denied',
  'authorization_code_rejected',
  'interaction_required',
  'invalid_id_token',
  'provider_temporarily_unavailable',
  ...Object.values(REFUSALS).map(({ code }) => code),
  'account_created_concurrently',
  'default_org_moved',
  'email_already_in_use',
  'login_already_in_use',
  'concurrent_change',
];

const LoginQuery = (name: string) => ApiQuery({ name, required: false, schema: { type: 'string' } });

@ApiTags('auth')
@Controller()
@UseFilters(LoginFailureFilter)
@Refuses(
  'sso_disabled',
  'client_authentication_rejected',
  'client_request_rejected',
  'provider_unavailable',
  'invalid_provider_response',
)
export class SsoLoginController {
  constructor(
    private readonly beginLogin: BeginLogin,
    private readonly finishLogin: FinishLogin,
    private readonly finishTest: FinishTest,
  ) {}

  @Get('api/v1/oauth/custom-oidc/login')
  @Public()
  @LoginQuery('redirect_to')
  @LoginQuery('target_link_uri')
  @LoginQuery('iss')
  @LoginQuery('login_hint')
  @LoginQuery('prompt')
  @LoginQuery('organization_id')
  @LoginQuery('acr_values')
  @LoginQuery('max_age')
  @ReturnsRedirect()
  @Refuses(...START)
  async ssoLogin(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    sendRedirect(reply, await this.beginLogin.run(toLoginOptions(request), request));
  }

  /** Another site may also post the parameters (OpenID Connect Core 1.0, section 4). */
  @Post('api/v1/oauth/custom-oidc/login')
  @Public()
  @AcceptsForm()
  @ReturnsRedirect()
  @Refuses(...START)
  async ssoFormLogin(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    sendRedirect(reply, await this.beginLogin.run(toLoginOptions(request), request));
  }

  @Get('api/v1/oauth/custom-oidc/callback')
  @Public()
  @ReturnsRedirect()
  @ReturnsPage()
  @Refuses(...SIGN_IN)
  async ssoCallback(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    await this.finish(request, reply);
  }

  @Post('api/v1/oauth/custom-oidc/callback')
  @Public()
  @AcceptsForm()
  @ReturnsRedirect()
  @Refuses(...SIGN_IN)
  async ssoFormCallback(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    await this.finishForm(request, reply);
  }

  /**
   * Of clients registered for the PKCE mode; a GET belongs to the front end (docs/contract/sign-in.md#legacy-callback).
   */
  @Post('oauth-callback')
  @Public()
  @AcceptsForm()
  @ReturnsRedirect()
  @Refuses(...SIGN_IN)
  async ssoRegisteredCallback(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    await this.finishForm(request, reply);
  }

  private async finish(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const callback = toCallback(request);
    if (!isTestState(callback.state))
      return sendRedirect(reply, await this.finishLogin.run(callback, request));
    const setCookie = await this.finishTest.run(callback);
    void reply.status(HttpStatus.OK).headers({ 'set-cookie': setCookie, 'referrer-policy': 'no-referrer' });
    sendPage(reply, TEST_HAS_ENDED);
  }

  private async finishForm(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    sendRedirect(reply, await this.finishLogin.runForm(toCallback(request), request));
  }
}

/** The same whatever the result: the page of the admin who started the test shows it. */
const TEST_HAS_ENDED: Page = {
  headline: 'The test has ended',
  paragraphs: [
    'Go back to the page on which you started it: the result is shown there. You can close this one.',
  ],
  links: [],
  code: null,
};

function sendRedirect(reply: FastifyReply, { location, setCookies, status = 302 }: LoginRedirect): void {
  void reply
    .status(status)
    .headers({ location, 'set-cookie': [...setCookies], 'referrer-policy': 'no-referrer' })
    .send();
}
