import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '../../../../common/access/access-rule.decorator.js';
import { Refuses } from '../../../../common/http/refuses.decorator.js';
import { ReturnsPage } from '../../../../common/http/returns.decorator.js';
import { ApiTags } from '../../../../common/http/swagger.decorator.js';
import { Config } from '../../../../config/config.js';
import { SsoDisabled } from '../../oidc/index.js';
import { sendPage } from '../pages/page.js';
import { SIGNED_OUT_PATH } from './log-out.js';
import { signedOutPage } from './signed-out-page.js';

@ApiTags('auth')
@Controller()
export class SignedOutController {
  constructor(private readonly config: Config) {}

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
