import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { Authenticated, CurrentPrincipal } from '../../../common/access/access.decorator.js';
import type { Principal } from '../../../common/access/principal.js';
import { Audited, Problems, Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { AuthorizedApp, AuthorizedAppByIdQuery, AuthorizedAppQuery } from '../../../contract/oauth.js';
import type { ListedGrant } from '../core/grants.repository.js';
import { OwnGrants } from './own-grants.js';

/** The grants of the caller: docs/contract/oauth.md#authorized-applications. */
@ApiTags('oauth')
@Problems('platform-with-error')
@Controller('v1/platform/oauth/authorized-apps')
export class AuthorizedAppsController {
  constructor(private readonly grants: OwnGrants) {}

  @Get()
  @Authenticated([AuthorizedApp])
  async listAuthorizedApps(@CurrentPrincipal() principal: Principal) {
    return (await this.grants.list(principal)).map(toAuthorizedApp);
  }

  @Delete(':client')
  @Authenticated('nothing')
  @Audited('revoke_oauth_grant', true)
  @Refuses('application_not_authorized')
  async endAuthorizedApp(
    @CurrentPrincipal() principal: Principal,
    @Param('client') clientId: string,
    @Query() { organization_id: orgId }: AuthorizedAppQuery,
  ) {
    await this.grants.end(principal, clientId, orgId ?? null);
  }

  /** Since proxies decode the slashes of an id that is a URL. */
  @Delete()
  @Authenticated('nothing')
  @Audited('revoke_oauth_grant', true)
  @Refuses('application_not_authorized')
  async endAuthorizedAppByQuery(
    @CurrentPrincipal() principal: Principal,
    @Query() { client_id: clientId, organization_id: orgId }: AuthorizedAppByIdQuery,
  ) {
    await this.grants.end(principal, clientId, orgId ?? null);
  }
}

const toAuthorizedApp = (grant: ListedGrant): AuthorizedApp => ({
  client_id: grant.clientId,
  client_name: grant.clientName,
  ...(grant.clientUri !== null && { client_uri: grant.clientUri }),
  ...(grant.logoUri !== null && { logo_uri: grant.logoUri }),
  authorized_at: grant.approvedAt.toISOString(),
  scopes: grant.scopes,
  organization_id: grant.orgId,
  organization_name: grant.orgName,
  ...(grant.defaultWorkspaceId !== null && { workspace_id: grant.defaultWorkspaceId }),
  ...(grant.lastUsedAt !== null && { last_used_at: grant.lastUsedAt.toISOString() }),
  expires_at: grant.expiresAt.toISOString(),
});
