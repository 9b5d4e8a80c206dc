import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../../../common/access/access-rule.decorator.js';
import { AcceptsForm } from '../../../../common/http/body-parsers.js';
import { acceptsHtml } from '../../../../common/http/html.js';
import { CurrentRequest, type RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { Refuses } from '../../../../common/http/refuses.decorator.js';
import { Returns, ReturnsAnything } from '../../../../common/http/returns.decorator.js';
import { ApiTags } from '../../../../common/http/swagger.decorator.js';
import { LogoutResponse } from '../../../../contract/login.js';
import { BackchannelLogout } from './backchannel-logout.js';
import { LogOut } from './log-out.js';
import { readLogoutToken, replyToBackchannelLogout, replyToLogout } from './logout.reply.js';

/** Logout by the user and by the provider. Public, because the cookie or the logout token is the credential. */
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
  @Refuses('cross_site_request')
  async logout(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LogoutResponse | undefined> {
    if (acceptsHtml(request)) void reply.status(303); // before the logout, for its audit entry
    return replyToLogout(await this.logOut.run(request), request, reply);
  }

  @Post('backchannel-logout')
  @Public()
  @AcceptsForm()
  @ReturnsAnything()
  @Refuses('invalid_logout_token', 'provider_unavailable', 'sso_disabled')
  async backchannelLogout(
    @Body() body: unknown,
    @CurrentRequest() request: RequestMetadata,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return replyToBackchannelLogout(await this.backchannel.run(readLogoutToken(body), request), reply);
  }
}
