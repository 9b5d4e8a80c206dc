import { Controller, Delete, Get, Post, Query, UseGuards } from '@nestjs/common';
import { RequirePermission } from '../../../../common/access/access-rule.decorator.js';
import { CurrentPrincipal } from '../../../../common/access/current-principal.decorator.js';
import type { WorkspacePrincipal } from '../../../../common/access/principal.js';
import { PathUuid } from '../../../../common/http/path-uuid.decorator.js';
import { Problems } from '../../../../common/http/problems.decorator.js';
import { Refuses } from '../../../../common/http/refuses.decorator.js';
import { Returns } from '../../../../common/http/returns.decorator.js';
import { ApiTags } from '../../../../common/http/swagger.decorator.js';
import {
  APIKeyCreateRequest,
  APIKeyCreateResponse,
  APIKeyGetResponse,
  RevokeCreatedQuery,
} from '../../../../contract/api-keys.js';
import { Audited } from '../../../audit/index.js';
import { Idempotent } from '../../../idempotency/index.js';
import { revokesCreated } from '../../../members/index.js';
import { toEndedApiKey, toNewApiKey } from '../core/api-key.mapper.js';
import { KeyCreationGuard } from '../core/key-creation.guard.js';
import { OptionalBody } from '../core/optional-body.decorator.js';
import { fromServiceKeyRequest, toListedServiceKey } from './service-key.mapper.js';
import { ServiceKeyLists } from './service-key-lists.js';
import { ServiceKeysService } from './service-keys.service.js';

/** Service keys of one workspace; the older of the two endpoints for them. */
@ApiTags('api-key')
@Controller('api/v1/api-key')
export class ApiKeysController {
  constructor(
    private readonly lists: ServiceKeyLists,
    private readonly keys: ServiceKeysService,
  ) {}

  @Get()
  @RequirePermission('workspaces:read')
  @Returns([APIKeyGetResponse])
  async getApiKeys(@CurrentPrincipal() principal: WorkspacePrincipal) {
    return (await this.lists.listInWorkspace(principal)).map(toListedServiceKey);
  }

  @Post()
  @RequirePermission('workspaces:manage-keys')
  @UseGuards(KeyCreationGuard)
  @Problems('api')
  @Audited('create_api_key')
  @Idempotent()
  @Returns(APIKeyCreateResponse)
  @Refuses(
    'change_exceeds_rights',
    'invalid_expiry',
    'invalid_key_scope',
    'key_creation_by_keys_disabled',
    'permission_missing',
    'role_is_restricted',
    'role_not_found',
    'role_not_grantable',
    'workspace_not_found',
  )
  async generateApiKey(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @OptionalBody(APIKeyCreateRequest) body: APIKeyCreateRequest,
  ) {
    return toNewApiKey(await this.keys.createInWorkspace(principal, fromServiceKeyRequest(body)));
  }

  @Delete(':api_key_id')
  @RequirePermission('workspaces:manage-keys')
  @Audited('delete_api_key')
  @Returns(APIKeyGetResponse)
  @Refuses(
    'api_key_not_found',
    'only_admins_manage_org_wide_keys',
    'only_admins_manage_scim_tokens',
    'permission_missing',
    'role_not_grantable',
  )
  async deleteApiKey(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('api_key_id') id: string,
    @Query() query: RevokeCreatedQuery,
  ) {
    const options = { revokeCreated: revokesCreated(query) };
    return toEndedApiKey(await this.keys.removeInWorkspace(principal, id, options));
  }
}
