import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { Public } from '../../../common/access/access.decorator.js';
import { CurrentRequest, type RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { SSOEmailLookupRequest, SSOProviderSlim } from '../../../contract/identity-provider/sso-settings.js';
import { type OrgSsoProvider, SsoLookupService } from './sso-lookup.service.js';

@ApiTags('auth')
@Controller('api/v1/sso')
export class SsoLookupController {
  constructor(private readonly lookup: SsoLookupService) {}

  @Get('settings/:sso_login_slug')
  @Public([SSOProviderSlim])
  async getSsoSettings(
    @Param('sso_login_slug') slug: string,
    @CurrentRequest() { clientHost }: RequestMetadata,
  ) {
    return (await this.lookup.bySlug(slug, clientHost)).map(toSsoProviderSlim);
  }

  @Post('email-lookup')
  @Public([SSOProviderSlim])
  async lookupSsoByEmail(
    @Body() { email }: SSOEmailLookupRequest,
    @CurrentRequest() { clientHost }: RequestMetadata,
  ) {
    return (await this.lookup.byEmail(email, clientHost)).map(toSsoProviderSlim);
  }
}

const toSsoProviderSlim = ({ providerId, org }: OrgSsoProvider): SSOProviderSlim => ({
  provider_id: providerId,
  organization_id: org.id,
  organization_display_name: org.displayName,
});
