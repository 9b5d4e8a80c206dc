import { Controller, Get } from '@nestjs/common';
import { OrgQuery } from '../../../common/access/access.decorator.js';
import { Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { Config } from '../../../config/config.js';
import { SsoConnection } from '../../../contract/identity-provider/sso-settings.js';
import { CALLBACK_PATH, requestedScopes, SsoDisabled } from '../oidc/index.js';

const ROUTES = '/api/v1/oauth/custom-oidc';

/** Not in the published API: what administrators of the identity provider enter there. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current/sso-settings/connection')
export class SsoConnectionController {
  constructor(private readonly config: Config) {}

  @Get()
  @OrgQuery('organization:manage', SsoConnection)
  @Refuses('sso_disabled')
  getSsoConnection(): SsoConnection {
    const { sso, server } = this.config;
    if (!sso || server.publicUrl === null) throw new SsoDisabled();
    return {
      issuer_url: sso.issuerUrl,
      client_id: sso.clientId,
      scopes: requestedScopes(sso.scopes),
      redirect_uri: `${server.publicUrl}${CALLBACK_PATH}`,
      initiate_login_uri: `${server.publicUrl}${ROUTES}/login`,
      post_logout_redirect_uri: server.publicUrl,
      backchannel_logout_uri: `${server.publicUrl}${ROUTES}/backchannel-logout`,
      frontchannel_logout_uri: `${server.publicUrl}${ROUTES}/frontchannel-logout`,
    };
  }
}
