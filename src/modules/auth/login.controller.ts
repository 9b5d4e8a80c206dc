import { Body, Controller, Headers, Post } from '@nestjs/common';
import { Public } from '../../common/access/access-rule.js';
import { Facts, type RequestFacts } from '../../common/http/request-facts.js';
import { Returns } from '../../common/http/returns.js';
import { ApiTags } from '../../common/http/swagger.js';
import { BasicAuthResponse } from '../../contract/login.js';
import { loginCredentials } from './basic/login-credentials.js';
import { PasswordLogin } from './password-login.js';

@ApiTags('auth')
@Controller('api/v1/login')
export class LoginController {
  constructor(private readonly passwordLogin: PasswordLogin) {}

  @Post()
  @Public()
  @Returns(BasicAuthResponse)
  async login(
    @Headers('authorization') authorization: string | undefined,
    @Body() body: unknown,
    @Facts() request: RequestFacts,
  ): Promise<BasicAuthResponse> {
    return { access_token: await this.passwordLogin.logIn(loginCredentials(authorization, body), request) };
  }
}
