import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../../../common/access/access-rule.decorator.js';
import { RevokesAccess } from '../../../../common/access/revokes-access.decorator.js';
import { AcceptsForm } from '../../../../common/http/body-parsers.js';
import { acceptsHtml } from '../../../../common/http/html.js';
import { CurrentRequest, type RequestMetadata } from '../../../../common/http/request-metadata.decorator.js';
import { Refuses } from '../../../../common/http/refuses.decorator.js';
import { Returns, ReturnsAnything, ReturnsPage } from '../../../../common/http/returns.decorator.js';
import { ApiQuery, ApiTags } from '../../../../common/http/swagger.decorator.js';
import { LogoutResponse } from '../../../../contract/sign-in.js';
import { BackchannelLogout } from './backchannel-logout.js';
import { FrontchannelLogout } from './frontchannel-logout.js';
import { LogOut } from './log-out.js';
import {
  readLogoutToken,
  replyToBackchannelLogout,
  replyToFrontchannelLogout,
  replyToLogout,
} from './logout.reply.js';

/** Logout by the user and by the provider. Public, because the cookie or the logout token is the credential. */
@ApiTags('auth')
@Controller('api/v1/oauth/custom-oidc')
export class LogoutController {
  constructor(
    private readonly logOut: LogOut,
    private readonly backchannel: BackchannelLogout,
    private readonly frontchannel: FrontchannelLogout,
  ) {}

  @Post('logout')
  @Public()
  @RevokesAccess()
  @Returns(LogoutResponse)
  @Refuses('cross_site_request', 'session_of_another_user')
  async logout(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LogoutResponse | undefined> {
    if (acceptsHtml(request)) void reply.status(303); // before the logout, for its audit entry
    return replyToLogout(await this.logOut.run(request), request, reply);
  }

  /** The only route whose response may be framed. */
  @Get('frontchannel-logout')
  @Public()
  @RevokesAccess()
  @ApiQuery({ name: 'iss', required: true, schema: { type: 'string' } })
  @ApiQuery({ name: 'sid', required: true, schema: { type: 'string' } })
  @ReturnsPage()
  @Refuses('invalid_frontchannel_logout', 'provider_unavailable', 'sso_disabled')
  async frontchannelLogout(
    @Query() { iss: issuer, sid }: Readonly<Record<string, unknown>>,
    @CurrentRequest() request: RequestMetadata,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    replyToFrontchannelLogout(await this.frontchannel.run({ issuer, sid }, request), reply);
  }

  @Post('backchannel-logout')
  @Public()
  @RevokesAccess()
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
