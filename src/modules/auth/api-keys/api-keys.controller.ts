import { Controller, Delete, Get, Post, Query, UseGuards } from '@nestjs/common';
import {
  CurrentPrincipal,
  WorkspaceCommand,
  WorkspaceQuery,
} from '../../../common/access/access.decorator.js';
import type { OrgPrincipal, UserPrincipal, WorkspacePrincipal } from '../../../common/access/principal.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import { Deprecated, Problems, Refuses } from '../../../common/http/operations/operation.decorator.js';
import { OptionalBody } from '../../../common/http/operations/body.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import {
  APIKeyCreateRequest,
  APIKeyCreateResponse,
  APIKeyGetResponse,
  RevokeCreatedQuery,
} from '../../../contract/api-keys.js';
import { Idempotent } from '../../idempotency/index.js';
import { revokesCreated } from '../../members/index.js';
import { fromKeyRequest, toApiKey, toEndedApiKey, toNewApiKey } from './core/api-key.mapper.js';
import {
  RefusesServiceKeys,
  RefusesToCreateTokens,
  RefusesToEndKeys,
} from './core/refuses-keys.decorator.js';
import { KeyCreationGuard } from './core/key-creation.guard.js';
import { CreatePersonalAccessToken } from './personal-access-tokens/create-personal-access-token.js';
import { PersonalAccessTokensService } from './personal-access-tokens/personal-access-tokens.service.js';
import { PatCreationGuard } from './personal-access-tokens/pat-creation.guard.js';
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
    private readonly createToken: CreatePersonalAccessToken,
  ) {}

  @Get()
  @WorkspaceQuery('workspaces:read', [APIKeyGetResponse])
  async getApiKeys(@CurrentPrincipal() principal: WorkspacePrincipal) {
    return (await this.lists.listInWorkspace(principal)).map(toListedServiceKey);
  }

  @Post()
  @WorkspaceCommand('workspaces:manage-keys', 'create_api_key', APIKeyCreateResponse)
  @UseGuards(KeyCreationGuard)
  @Problems('api')
  @Idempotent('if-allowed-now')
  @RefusesServiceKeys()
  @Refuses('key_creation_by_keys_disabled', 'secret_replaced')
  async generateApiKey(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @OptionalBody(APIKeyCreateRequest) body: APIKeyCreateRequest,
  ) {
    return toNewApiKey(await this.keys.createInWorkspace(principal, fromServiceKeyRequest(body)));
  }

  @Delete(':api_key_id')
  @WorkspaceCommand('workspaces:manage-keys', 'delete_api_key', APIKeyGetResponse)
  @RefusesToEndKeys()
  async deleteApiKey(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('api_key_id') id: string,
    @Query() query: RevokeCreatedQuery,
  ) {
    return toEndedApiKey(await this.keys.removeInWorkspace(principal, id, revokesCreated(query)));
  }

  @Get('current')
  @WorkspaceQuery('organization:pats:create', [APIKeyGetResponse])
  @Deprecated()
  async getPersonalAccessTokens(@CurrentPrincipal() principal: OrgPrincipal) {
    return (await this.tokens.listOwn(principal, [])).map(toApiKey);
  }

  @Post('current')
  @WorkspaceCommand('organization:pats:create', 'create_personal_access_token', APIKeyCreateResponse)
  @UseGuards(KeyCreationGuard, PatCreationGuard)
  @Idempotent('if-allowed-now')
  @RefusesToCreateTokens()
  async generatePersonalAccessToken(
    @CurrentPrincipal() principal: OrgPrincipal & UserPrincipal,
    @OptionalBody(APIKeyCreateRequest) body: APIKeyCreateRequest,
  ) {
    return toNewApiKey(await this.createToken.run(principal, fromKeyRequest(body)));
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
