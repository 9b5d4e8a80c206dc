import { Body, Controller, HttpStatus, Post } from '@nestjs/common';
import { Public } from '../../../common/access/access.decorator.js';
import { CurrentRequest, type RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { Refuses, ReturnsJson } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import {
  PasswordByLink,
  PasswordLinkInfo,
  PasswordLinkRequest,
  PasswordLinkToken,
  PasswordSet,
} from '../../../contract/sign-in.js';
import { PasswordMails } from '../../passwords/index.js';
import type { LinkDescription } from './password-link-uses.js';
import { SetPasswordByLink } from './set-password-by-link.js';

const LINK = [
  'invitation_expired',
  'invitation_not_found',
  'invited_account_has_password',
  'invites_disabled',
  'organization_disabled',
  'password_link_expired',
  'password_link_not_found',
  'password_link_used',
  'sso_required',
];

/** Not in the published API. Public: the token is the credential. */
@ApiTags('auth')
@Controller('api/v1/login')
@Refuses('password_login_disabled')
export class PasswordLinksController {
  constructor(
    private readonly mails: PasswordMails,
    private readonly setting: SetPasswordByLink,
  ) {}

  /** The same response for every address; the account is looked up afterwards. */
  @Post('password-link')
  @Public()
  @ReturnsJson({ type: 'object', additionalProperties: true }, HttpStatus.ACCEPTED)
  @Refuses('mail_server_not_configured')
  async requestPasswordLink(
    @Body() { email }: PasswordLinkRequest,
    @CurrentRequest() request: RequestMetadata,
  ) {
    await this.mails.request(email, request);
    return {};
  }

  @Post('password-link/check')
  @Public(PasswordLinkInfo)
  @Refuses(...LINK)
  async checkPasswordLink(
    @Body() { token }: PasswordLinkToken,
    @CurrentRequest() request: RequestMetadata,
  ): Promise<PasswordLinkInfo> {
    return toLinkInfo(await this.setting.describe(token, request));
  }

  @Post('password')
  @Public(PasswordSet)
  @Refuses(...LINK, 'password_hashing_busy', 'password_hashing_overloaded', 'validation_failed')
  async setPasswordByLink(
    @Body() { token, password, revoke_tokens: revokeTokens = false }: PasswordByLink,
    @CurrentRequest() request: RequestMetadata,
  ): Promise<PasswordSet> {
    return { email: await this.setting.run({ token, password, revokeTokens }, request) };
  }
}

const toLinkInfo = ({ email, purpose, orgName, expiresAt }: LinkDescription): PasswordLinkInfo => ({
  email,
  purpose,
  organization_name: orgName,
  expires_at: expiresAt.toISOString(),
});
