import { Controller, Delete, Get, Post, Query } from '@nestjs/common';
import {
  CurrentPrincipal,
  WorkspaceCommand,
  WorkspaceQuery,
} from '../../../common/access/access.decorator.js';
import type { OrgPrincipal, UserPrincipal, WorkspacePrincipal } from '../../../common/access/principal.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import { Deprecated, Problems } from '../../../common/http/operations/operation.decorator.js';
import { OptionalBody } from '../../../common/http/operations/body.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import {
  APIKeyCreateRequest,
  APIKeyCreateResponse,
  APIKeyGetResponse,
  RevokeCreatedQuery,
} from '../../../contract/api-keys.js';
import { revokesCreated } from '../../members/index.js';
import { fromKeyRequest, toApiKey, toEndedApiKey, toNewApiKey } from './core/api-key.mapper.js';
import { RefusesServiceKeys, RefusesToEndKeys } from './core/refuses-keys.decorator.js';
import { ReturnsSecret } from './core/key-creation.guard.js';
import { OwnTokensService } from './personal-access-tokens/own-tokens.service.js';
import { PersonalAccessTokensService } from './personal-access-tokens/personal-access-tokens.service.js';
import { CreatesToken } from './personal-access-tokens/pat-creation.guard.js';
import { ServiceKeyLists } from './service-keys/service-key-lists.js';
import { fromServiceKeyRequest, toListedServiceKey } from './service-keys/service-key.mapper.js';
import { ServiceKeysService } from './service-keys/service-keys.service.js';

/** Older paths: service keys of one workspace and, below `current`, personal access tokens. */
@ApiTags('api-key')
@Controller('api/v1/api-key')
export class ApiKeysController {
  constructor(
    private readonly lists: ServiceKeyLists,
    private readonly keys: ServiceKeysService,
    private readonly tokens: PersonalAccessTokensService,
    private readonly ownTokens: OwnTokensService,
  ) {}

  @Get()
  @WorkspaceQuery('workspaces:read', [APIKeyGetResponse])
  async getApiKeys(@CurrentPrincipal() principal: WorkspacePrincipal) {
    return (await this.lists.listInWorkspace(principal)).map(toListedServiceKey);
  }

  /** The scope is the workspace of the request; a scope in the body is ignored. */
  @Post()
  @WorkspaceCommand('workspaces:manage-keys', 'create_api_key', APIKeyCreateResponse)
  @ReturnsSecret('settings/service-keys')
  @Problems('api')
  @RefusesServiceKeys()
  async generateApiKey(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @OptionalBody(APIKeyCreateRequest) body: APIKeyCreateRequest,
  ) {
    const input = { ...fromServiceKeyRequest(body), workspaceIds: [principal.workspaceId] };
    return toNewApiKey(await this.keys.create(principal, 'create_api_key', input));
  }

  @Delete(':api_key_id')
  @WorkspaceCommand('workspaces:manage-keys', 'delete_api_key', APIKeyGetResponse)
  @RefusesToEndKeys()
  async deleteApiKey(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('api_key_id') id: string,
    @Query() query: RevokeCreatedQuery,
  ) {
    const which = { id, revokeCreated: revokesCreated(query), inWorkspace: principal.workspaceId };
    return toEndedApiKey(await this.keys.remove(principal, 'delete_api_key', which));
  }

  @Get('current')
  @WorkspaceQuery('organization:pats:create', [APIKeyGetResponse])
  @Deprecated()
  async getPersonalAccessTokens(@CurrentPrincipal() principal: OrgPrincipal) {
    return (await this.tokens.listOwn(principal, [])).map(toApiKey);
  }

  @Post('current')
  @WorkspaceCommand('organization:pats:create', 'create_personal_access_token', APIKeyCreateResponse)
  @CreatesToken()
  async generatePersonalAccessToken(
    @CurrentPrincipal() principal: OrgPrincipal & UserPrincipal,
    @OptionalBody(APIKeyCreateRequest) body: APIKeyCreateRequest,
  ) {
    return toNewApiKey(await this.ownTokens.create(principal, fromKeyRequest(body)));
  }

  @Delete('current/:pat_id')
  @WorkspaceCommand('organization:read', 'delete_personal_access_token', APIKeyGetResponse)
  @Deprecated()
  @RefusesToEndKeys()
  async deletePersonalAccessToken(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('pat_id') id: string,
    @Query() query: RevokeCreatedQuery,
  ) {
    return toEndedApiKey(await this.tokens.delete(principal, id, revokesCreated(query)));
  }
}
