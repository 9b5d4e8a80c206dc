import { Body, Controller, HttpStatus, Post } from '@nestjs/common';
import { CurrentPrincipal, OwnCommand, Public } from '../../../common/access/access.decorator.js';
import type { UserPrincipal } from '../../../common/access/principal.js';
import { CurrentRequest, type RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { Refuses, ReturnsJson } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import {
  SSOConfirmEmailRequest,
  SSOEmailVerificationSendRequest,
  SSOEmailVerificationStatusRequest,
  SSOEmailVerificationStatusResponse,
} from '../../../contract/identity-provider/sso-settings.js';
import { SsoLookupService } from '../../settings/index.js';
import { ConfirmEmail } from './confirm-email.js';
import { SendConfirmation } from './send-confirmation.js';

const OBJECT = { type: 'object', additionalProperties: true } as const;

@ApiTags('auth')
@Controller('api/v1/sso/email-verification')
export class EmailVerificationController {
  constructor(
    private readonly sendConfirmation: SendConfirmation,
    private readonly lookup: SsoLookupService,
    private readonly confirmEmail: ConfirmEmail,
  ) {}

  @Post('send')
  @OwnCommand('send_sso_email_confirmation')
  @ReturnsJson(OBJECT, HttpStatus.ACCEPTED)
  @Refuses('email_of_another_user', 'mail_not_accepted', 'mail_server_not_configured', 'provider_not_found')
  async sendSsoEmailConfirmation(
    @CurrentPrincipal() principal: UserPrincipal,
    @Body() body: SSOEmailVerificationSendRequest,
  ) {
    await this.sendConfirmation.run(principal, fromRequest(body));
    return {};
  }

  @Post('status')
  @Public(SSOEmailVerificationStatusResponse)
  async checkSsoEmailVerificationStatus(
    @Body() body: SSOEmailVerificationStatusRequest,
    @CurrentRequest() { clientHost }: RequestMetadata,
  ): Promise<SSOEmailVerificationStatusResponse> {
    const confirmedAt = await this.lookup.findEmailConfirmation(fromRequest(body), clientHost);
    return { email_confirmed_at: confirmedAt?.toISOString() ?? null };
  }

  /** Public: the token is the credential. */
  @Post('confirm')
  @Public()
  @ReturnsJson(OBJECT)
  @Refuses('confirmation_expired', 'confirmation_not_found')
  async confirmSsoUserEmail(
    @Body() { token }: SSOConfirmEmailRequest,
    @CurrentRequest() request: RequestMetadata,
  ) {
    await this.confirmEmail.run(token, request);
    return {};
  }
}

const fromRequest = ({ email, saml_provider_id: providerId }: SSOEmailVerificationSendRequest) => ({
  email,
  providerId: providerId.toLowerCase(),
});
