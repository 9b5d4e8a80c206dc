import { Controller, Delete, Get, Post, Query, UseGuards } from '@nestjs/common';
import { RequirePermission } from '../../../../common/access/access-rule.decorator.js';
import { CurrentPrincipal } from '../../../../common/access/current-principal.decorator.js';
import type { OrgPrincipal, UserPrincipal } from '../../../../common/access/principal.js';
import { PathUuid } from '../../../../common/http/path-uuid.decorator.js';
import { Refuses } from '../../../../common/http/refuses.decorator.js';
import { Deprecated, Returns } from '../../../../common/http/returns.decorator.js';
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
import { fromKeyRequest, toApiKey, toEndedApiKey, toNewApiKey } from '../core/api-key.mapper.js';
import { OptionalBody } from '../core/optional-body.decorator.js';
import { EndPersonalAccessToken } from './end-personal-access-token.js';
import { KeyCreationGuard } from '../core/key-creation.guard.js';
import { PatCreationGuard } from './pat-creation.guard.js';
import { PersonalAccessTokenLists } from './personal-access-token-lists.js';
import { PersonalAccessTokensService } from './personal-access-tokens.service.js';

/** Older paths of the same endpoints. */
@ApiTags('api-key')
@Controller('api/v1/api-key/current')
export class CurrentApiKeysController {
  constructor(
    private readonly lists: PersonalAccessTokenLists,
    private readonly tokens: PersonalAccessTokensService,
    private readonly end: EndPersonalAccessToken,
  ) {}

  @Get()
  @RequirePermission('organization:pats:create', { context: 'workspace' })
  @Deprecated()
  @Returns([APIKeyGetResponse])
  async getPersonalAccessTokens(@CurrentPrincipal() principal: OrgPrincipal) {
    return (await this.lists.listOwn(principal, [])).map(toApiKey);
  }

  @Post()
  @RequirePermission('organization:pats:create', { context: 'workspace' })
  @UseGuards(KeyCreationGuard, PatCreationGuard)
  @Audited('create_personal_access_token')
  @Idempotent()
  @Returns(APIKeyCreateResponse)
  @Refuses(
    'invalid_expiry',
    'key_creation_by_keys_disabled',
    'pat_creation_disabled_by_operator',
    'pat_creation_disabled_by_org',
    'service_keys_own_no_tokens',
    'workspace_not_found',
  )
  async generatePersonalAccessToken(
    @CurrentPrincipal() principal: OrgPrincipal & UserPrincipal,
    @OptionalBody(APIKeyCreateRequest) body: APIKeyCreateRequest,
  ) {
    return toNewApiKey(await this.tokens.create(principal, fromKeyRequest(body)));
  }

  @Delete(':pat_id')
  @RequirePermission('organization:read', { context: 'workspace' })
  @Audited('delete_personal_access_token')
  @Deprecated()
  @Returns(APIKeyGetResponse)
  @Refuses(
    'api_key_not_found',
    'only_admins_manage_org_wide_keys',
    'only_admins_manage_scim_tokens',
    'permission_missing',
    'role_not_grantable',
  )
  async deletePersonalAccessToken(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('pat_id') id: string,
    @Query() query: RevokeCreatedQuery,
  ) {
    return toEndedApiKey(await this.end.delete(principal, id, { revokeCreated: revokesCreated(query) }));
  }
}
