import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../common/access/access.decorator.js';
import { requestMetadata } from '../../common/http/request-metadata.decorator.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiHeader, ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { BasicAuthResponse } from '../../contract/sign-in.js';
import { loginCredentials } from './core/login-credentials.js';
import { PasswordLogin } from './password-login.js';

const WANTS_COOKIE = 'x-session-cookie';

@ApiTags('auth')
@Controller('api/v1/login')
export class LoginController {
  constructor(private readonly passwordLogin: PasswordLogin) {}

  @Post()
  @Public(BasicAuthResponse)
  @ApiHeader({
    name: 'X-Session-Cookie',
    required: false,
    description:
      'true: the answer also sets the session cookie. For pages of this server and of trusted origins.',
    schema: { type: 'string', enum: ['true', 'false'] },
  })
  @Refuses(
    'cross_site_request',
    'invalid_login',
    'password_hashing_busy',
    'password_hashing_overloaded',
    'password_login_disabled',
    'validation_failed',
  )
  async login(
    @Req() request: FastifyRequest,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BasicAuthResponse> {
    const credentials = loginCredentials(request.headers.authorization, body);
    if (request.headers[WANTS_COOKIE] !== 'true') {
      const { token } = await this.passwordLogin.logIn(credentials, requestMetadata(request));
      return { access_token: token };
    }
    const { token, setCookie } = await this.passwordLogin.logInBrowser(credentials, request);
    void reply.header('set-cookie', setCookie);
    return { access_token: token };
  }
}
