import { Body, Controller, Headers, Post } from '@nestjs/common';
import { Public } from '../../../../common/access/access-rule.decorator.js';
import { CurrentRequest, type RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { Refuses } from '../../../../common/http/refuses.decorator.js';
import { Returns } from '../../../../common/http/returns.decorator.js';
import { ApiTags } from '../../../../common/http/swagger.decorator.js';
import { BasicAuthResponse } from '../../../../contract/login.js';
import { loginCredentials } from '../core/login-credentials.js';
import { PasswordLogin } from './password-login.js';

@ApiTags('auth')
@Controller('api/v1/login')
export class LoginController {
  constructor(private readonly passwordLogin: PasswordLogin) {}

  @Post()
  @Public()
  @Returns(BasicAuthResponse)
  @Refuses(
    'invalid_login',
    'password_hashing_busy',
    'password_hashing_overloaded',
    'password_login_disabled',
    'validation_failed',
  )
  async login(
    @Headers('authorization') authorization: string | undefined,
    @Body() body: unknown,
    @CurrentRequest() request: RequestMetadata,
  ): Promise<BasicAuthResponse> {
    return { access_token: await this.passwordLogin.logIn(loginCredentials(authorization, body), request) };
  }
}
