import { Body, Controller, Delete, Get, Patch, Post } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../../common/access/access.decorator.js';
import { MakesCredential } from '../../../common/access/makes-credential.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Problems, Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import {
  CreateOauthClientRequest,
  OauthClient,
  OauthClients,
  OauthClientWithSecret,
  UpdateOauthClientRequest,
} from '../../../contract/oauth.js';
import { Idempotent } from '../../idempotency/index.js';
import { adminsOnly } from '../../roles/index.js';
import { fromCreateRequest, fromUpdateRequest, toClientWithSecret, toOauthClient } from './client.mapper.js';
import { ClientsService } from './clients.service.js';
import { OnlyAdminsManageOauthClients } from './errors.js';

const BY_ADMINS = adminsOnly(OnlyAdminsManageOauthClients);

@ApiTags('oauth')
@Problems('platform-with-error')
@Controller('v1/platform/oauth/clients')
export class ClientsController {
  constructor(private readonly clients: ClientsService) {}

  @Get()
  @OrgQuery('organization:manage', OauthClients)
  async listOauthClients(@CurrentPrincipal() { orgId }: OrgPrincipal): Promise<OauthClients> {
    return { clients: (await this.clients.list(orgId)).map(toOauthClient) };
  }

  @Post()
  @MakesCredential('settings/applications')
  @OrgCommand(BY_ADMINS, 'create_oauth_client', OauthClientWithSecret, { status: 201 })
  @Idempotent('if-allowed-now')
  @Refuses('oauth_client_limit_reached')
  async createOauthClient(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Body() body: CreateOauthClientRequest,
  ) {
    const isPublic = body.client_type === 'public';
    return toClientWithSecret(await this.clients.create(principal, fromCreateRequest(body), isPublic));
  }

  @Get(':id')
  @OrgQuery('organization:manage', OauthClient)
  @Refuses('oauth_client_not_found')
  async getOauthClient(@CurrentPrincipal() { orgId }: OrgPrincipal, @PathUuid('id') id: string) {
    return toOauthClient(await this.clients.get(orgId, id));
  }

  @Patch(':id')
  @OrgCommand(BY_ADMINS, 'update_oauth_client', OauthClient)
  @Refuses('oauth_client_not_found')
  async updateOauthClient(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('id') id: string,
    @Body() body: UpdateOauthClientRequest,
  ) {
    return toOauthClient(await this.clients.update(principal, id, fromUpdateRequest(body)));
  }

  @Delete(':id')
  @OrgCommand(BY_ADMINS, 'delete_oauth_client', 'nothing')
  @Refuses('oauth_client_not_found')
  async deleteOauthClient(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('id') id: string) {
    await this.clients.remove(principal, id);
  }

  @Post(':id/rotate-secret')
  @MakesCredential('settings/applications')
  @OrgCommand(BY_ADMINS, 'rotate_oauth_client_secret', OauthClientWithSecret)
  @Idempotent('if-allowed-now')
  @Refuses('oauth_client_is_public', 'oauth_client_not_found')
  async rotateOauthClientSecret(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('id') id: string) {
    return toClientWithSecret(await this.clients.rotateSecret(principal, id));
  }
}
