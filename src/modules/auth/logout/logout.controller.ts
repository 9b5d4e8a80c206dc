import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../../common/access/access-rule.js';
import { TakesForm } from '../../../common/http/bodies.js';
import { Facts, type RequestFacts } from '../../../common/http/request-facts.js';
import { Returns, ReturnsAnything } from '../../../common/http/returns.js';
import { ApiTags } from '../../../common/http/swagger.js';
import { LogoutResponse } from '../../../contract/login.js';
import { BackchannelLogout } from './backchannel-logout.js';
import { LogOut } from './log-out.js';
import { logoutTokenIn, toBackchannelAnswer, toLogoutAnswer } from './logout.mapper.js';

/** How a session ends: by its person, and by the provider's word. Public, since each call proves itself. */
@ApiTags('auth')
@Controller('api/v1/oauth/custom-oidc')
export class LogoutController {
  constructor(
    private readonly logOut: LogOut,
    private readonly backchannel: BackchannelLogout,
  ) {}

  @Post('logout')
  @Public()
  @Returns(LogoutResponse)
  async logout(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LogoutResponse | undefined> {
    return toLogoutAnswer(await this.logOut.run(request), request, reply);
  }

  @Post('backchannel-logout')
  @Public()
  @TakesForm()
  @ReturnsAnything()
  async backchannelLogout(
    @Body() body: unknown,
    @Facts() request: RequestFacts,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return toBackchannelAnswer(await this.backchannel.run(logoutTokenIn(body), request), reply);
  }
}
