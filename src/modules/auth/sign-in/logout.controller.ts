import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../../common/access/access.decorator.js';
import { ERROR_CODE_HEADER } from '../../../common/errors/error-format.js';
import { AcceptsForm, Refuses, ReturnsPage } from '../../../common/http/operations/operation.decorator.js';
import { acceptsHtml } from '../../../common/http/html.js';
import { CurrentRequest, type RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { ApiQuery, ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { Config } from '../../../config/config.js';
import { LogoutResponse } from '../../../contract/sign-in.js';
import { SsoDisabled } from '../oidc/index.js';
import { type Page, sendPage } from './core/page.js';
import { BackchannelLogout } from './backchannel-logout.js';
import { FrontchannelLogout } from './frontchannel-logout.js';
import { LogOut, SIGNED_OUT_PATH } from './log-out.js';

/** Logout by the user and by the provider. Public, because the cookie or the logout token is the credential. */
@ApiTags('auth')
@Controller()
export class LogoutController {
  constructor(
    private readonly logOut: LogOut,
    private readonly backchannel: BackchannelLogout,
    private readonly frontchannel: FrontchannelLogout,
    private readonly config: Config,
  ) {}

  /** Redirects form posts; scripts get the URL as JSON, because they cannot read the target of a redirect. */
  @Post('api/v1/oauth/custom-oidc/logout')
  @Public(LogoutResponse)
  @Refuses('cross_site_request', 'session_of_another_user')
  async logout(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LogoutResponse | undefined> {
    const isForm = acceptsHtml(request);
    if (isForm) void reply.status(303); // before the logout, for its audit entry
    const { setCookie, logoutUrl, nextPage } = await this.logOut.run(request);
    void reply.header('set-cookie', setCookie);
    if (!isForm) return { logout_url: logoutUrl };
    void reply.header('location', logoutUrl ?? nextPage);
  }

  /** The only route whose response may be framed, by pages of the provider. */
  @Get('api/v1/oauth/custom-oidc/frontchannel-logout')
  @Public()
  @ApiQuery({ name: 'iss', required: true, schema: { type: 'string' } })
  @ApiQuery({ name: 'sid', required: true, schema: { type: 'string' } })
  @ReturnsPage()
  @Refuses('invalid_frontchannel_logout', 'provider_unavailable', 'sso_disabled')
  async frontchannelLogout(
    @Query() { iss: issuer, sid }: Readonly<Record<string, unknown>>,
    @CurrentRequest() request: RequestMetadata,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const frameAncestors = await this.frontchannel.run({ issuer, sid }, request);
    void reply
      .removeHeader('x-frame-options')
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': `default-src 'none'; frame-ancestors ${frameAncestors.join(' ')}`,
      })
      .send('<!doctype html>\n<html lang="en"><title>Signed out</title></html>\n');
  }

  /** OpenID Connect Back-Channel Logout 1.0, section 2.8. The reason of a refusal is only in our log. */
  @Post('api/v1/oauth/custom-oidc/backchannel-logout')
  @Public('anything')
  @AcceptsForm()
  @Refuses('invalid_logout_token', 'provider_unavailable', 'sso_disabled')
  async backchannelLogout(
    @Body() body: unknown,
    @CurrentRequest() request: RequestMetadata,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { logout_token: token } = (body ?? {}) as Record<string, unknown>;
    const singleToken = typeof token === 'string' ? token : null; // a repeated field is a list
    if (await this.backchannel.run(singleToken, request)) return {};
    void reply.status(400).header(ERROR_CODE_HEADER, 'invalid_logout_token');
    return {
      error: 'invalid_request',
      error_description: 'The logout token is not valid for this client, or was used before.',
    };
  }

  /** @throws SsoDisabled */
  @Get(SIGNED_OUT_PATH)
  @Public()
  @ReturnsPage()
  @Refuses('sso_disabled')
  signedOut(@Res() reply: FastifyReply): void {
    const { sso, server } = this.config;
    if (!sso || server.publicUrl === null) throw new SsoDisabled();
    sendPage(reply, signedOutPage(server.publicUrl));
  }
}

/** After a logout that ends only our own session; the start page would sign in again at once. */
const signedOutPage = (publicUrl: string): Page => ({
  headline: 'You are signed out',
  paragraphs: [
    'Your session here has ended.',
    'You may still be signed in at your identity provider. On a shared computer, sign out there too.',
  ],
  links: [
    { text: 'Sign in again', href: `${publicUrl}/api/v1/oauth/custom-oidc/login?prompt=select_account` },
    { text: 'Go to the start page', href: `${publicUrl}/` },
  ],
  code: null,
});
