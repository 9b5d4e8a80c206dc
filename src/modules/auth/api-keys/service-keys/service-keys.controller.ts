import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { PathUuid } from '../../../../common/http/operations/uuid.pipe.js';
import { Problems, Refuses } from '../../../../common/http/operations/operation.decorator.js';
import { OptionalBody } from '../../../../common/http/operations/body.decorator.js';
import { ApiTags } from '../../../../common/http/operations/swagger.decorator.js';
import {
  APIKeyCreateRequest,
  APIKeyCreateResponse,
  APIKeyGetResponse,
  APIKeyRotateResponse,
  APIKeyUpdateRequest,
  KeysQuery,
  RevokeCreatedQuery,
  RotateSecretRequest,
} from '../../../../contract/api-keys.js';
import { revokesCreated } from '../../../members/index.js';
import { toApiKey, toEndedApiKey, toNewApiKey, toRotatedApiKey } from '../core/api-key.mapper.js';
import { RefusesServiceKeys, RefusesToEndKeys, RefusesToRotateKeys } from '../core/refuses-keys.decorator.js';
import { ReturnsSecret } from '../core/key-creation.guard.js';
import { fromServiceKeyRequest, fromServiceKeyUpdate, toListedServiceKey } from './service-key.mapper.js';
import { ServiceKeyLists } from './service-key-lists.js';
import { ServiceKeysService } from './service-keys.service.js';

@ApiTags('orgs')
@Controller('api/v1/orgs/current/service-keys')
export class ServiceKeysController {
  constructor(
    private readonly lists: ServiceKeyLists,
    private readonly keys: ServiceKeysService,
  ) {}

  @Get()
  @OrgQuery('organization:read', [APIKeyGetResponse])
  async listOrgServiceKeys(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() { workspace_ids: workspaceIds }: KeysQuery,
  ) {
    return (await this.lists.list(principal, workspaceIds)).map(toListedServiceKey);
  }

  @Post()
  @OrgCommand('organization:pats:create', 'create_service_key', APIKeyCreateResponse)
  @ReturnsSecret('settings/service-keys')
  @Problems('api')
  @RefusesServiceKeys()
  @Refuses('only_admins_manage_org_wide_keys')
  async createOrgServiceKey(@CurrentPrincipal() principal: OrgPrincipal, @Body() body: APIKeyCreateRequest) {
    return toNewApiKey(await this.keys.create(principal, 'create_service_key', fromServiceKeyRequest(body)));
  }

  @Patch(':api_key_id')
  @OrgCommand('organization:read', 'update_service_key', APIKeyGetResponse)
  @RefusesServiceKeys()
  @Refuses(
    'api_key_not_found',
    'change_outlives_caller',
    'key_cannot_change_itself',
    'only_admins_manage_org_wide_keys',
    'operator_cannot_change_admin_key',
  )
  async updateOrgServiceKey(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('api_key_id') id: string,
    @Body() body: APIKeyUpdateRequest,
  ) {
    return toApiKey(await this.keys.change(principal, id, fromServiceKeyUpdate(body)));
  }

  /** Not in the published API. */
  @Post(':api_key_id/rotate')
  @OrgCommand('organization:read', 'rotate_service_key', APIKeyRotateResponse)
  @ReturnsSecret('settings/service-keys')
  @Problems('api')
  @RefusesToRotateKeys()
  @Refuses(
    'change_exceeds_rights',
    'only_admins_manage_org_wide_keys',
    'operator_cannot_change_admin_key',
    'permission_missing',
    'role_is_restricted',
    'role_not_found',
    'role_not_grantable',
    'workspace_not_found',
  )
  async rotateOrgServiceKey(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('api_key_id') id: string,
    @OptionalBody(RotateSecretRequest) { overlap_hours: overlapHours }: RotateSecretRequest,
  ) {
    return toRotatedApiKey(await this.keys.rotate(principal, id, overlapHours));
  }

  @Delete(':api_key_id')
  @OrgCommand('organization:read', 'delete_service_key', APIKeyGetResponse)
  @RefusesToEndKeys()
  async deleteOrgServiceKey(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('api_key_id') id: string,
    @Query() query: RevokeCreatedQuery,
  ) {
    const revokeCreated = revokesCreated(query);
    return toEndedApiKey(await this.keys.remove(principal, 'delete_service_key', { id, revokeCreated }));
  }
}
