import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../../../common/access/access.decorator.js';
import type { OrgPrincipal, UserPrincipal } from '../../../../common/access/principal.js';
import { PathUuid } from '../../../../common/http/operations/uuid.pipe.js';
import { Audited, Problems, Refuses } from '../../../../common/http/operations/operation.decorator.js';
import { OptionalBody } from '../../../../common/http/operations/body.decorator.js';
import { ApiTags } from '../../../../common/http/operations/swagger.decorator.js';
import {
  APIKeyCreateRequest,
  APIKeyCreateResponse,
  APIKeyGetResponse,
  APIKeyRotateResponse,
  KeysQuery,
  RevokeCreatedQuery,
  RotateSecretRequest,
} from '../../../../contract/api-keys.js';
import { revokesCreated } from '../../../members/index.js';
import { adminsOnly } from '../../../roles/index.js';
import {
  fromKeyRequest,
  toApiKey,
  toEndedApiKey,
  toNewApiKey,
  toRotatedApiKey,
} from '../core/api-key.mapper.js';
import { MayNotListMemberTokens } from '../core/errors.js';
import { RefusesToEndKeys, RefusesToRotateKeys } from '../core/refuses-keys.decorator.js';
import { ReturnsSecret } from '../core/key-creation.guard.js';
import { OwnTokensService } from './own-tokens.service.js';
import { PersonalAccessTokensService } from './personal-access-tokens.service.js';
import { CreatesToken } from './pat-creation.guard.js';

const TOKENS = 'personal-access-tokens';

/** A demoted member may still delete tokens, but Viewers may not create or list any (docs/contract/keys.md#creating-keys). */
@ApiTags('orgs')
@Controller('api/v1/orgs/current')
export class PersonalAccessTokensController {
  constructor(
    private readonly tokens: PersonalAccessTokensService,
    private readonly ownTokens: OwnTokensService,
  ) {}

  @Get(TOKENS)
  @OrgQuery('organization:pats:create', [APIKeyGetResponse])
  async listOrgPersonalAccessTokens(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() { workspace_ids: workspaceIds }: KeysQuery,
  ) {
    return (await this.tokens.listOwn(principal, workspaceIds)).map(toApiKey);
  }

  @Post(TOKENS)
  @OrgCommand('organization:pats:create', 'create_personal_access_token', APIKeyCreateResponse)
  @CreatesToken()
  @Problems('api')
  async createOrgPersonalAccessToken(
    @CurrentPrincipal() principal: OrgPrincipal & UserPrincipal,
    @Body() body: APIKeyCreateRequest,
  ) {
    return toNewApiKey(await this.ownTokens.create(principal, fromKeyRequest(body)));
  }

  /** Not in the published API. */
  @Post(`${TOKENS}/:pat_id/rotate`)
  @OrgCommand('organization:read', 'rotate_personal_access_token', APIKeyRotateResponse)
  @ReturnsSecret('settings/tokens')
  @Problems('api')
  @RefusesToRotateKeys()
  @Refuses('only_owners_rotate_tokens')
  async rotateOrgPersonalAccessToken(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('pat_id') id: string,
    @OptionalBody(RotateSecretRequest) { overlap_hours: overlapHours }: RotateSecretRequest,
  ) {
    return toRotatedApiKey(await this.ownTokens.rotate(principal, id, overlapHours));
  }

  @Delete(`${TOKENS}/:pat_id`)
  @OrgCommand('organization:read', 'delete_personal_access_token', APIKeyGetResponse)
  @Problems('api')
  @RefusesToEndKeys()
  async deleteOrgPersonalAccessToken(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('pat_id') id: string,
    @Query() query: RevokeCreatedQuery,
  ) {
    return toEndedApiKey(await this.tokens.delete(principal, id, revokesCreated(query)));
  }

  /** Of the published API of November 2026. */
  @Post(`${TOKENS}/:pat_id/revocation`)
  @OrgCommand('organization:read', 'revoke_personal_access_token', APIKeyGetResponse)
  @Problems('api')
  @RefusesToEndKeys()
  async revokeOrgPersonalAccessToken(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('pat_id') id: string,
    @Query() query: RevokeCreatedQuery,
  ) {
    return toEndedApiKey(await this.tokens.revoke(principal, id, revokesCreated(query)));
  }

  /** Of the published API of November 2026. */
  @Delete(`${TOKENS}/:pat_id/revocation`)
  @OrgCommand('organization:read', 'reinstate_personal_access_token', 'nothing')
  @Problems('api')
  @Refuses('api_key_not_found', 'parent_token_revoked')
  async reinstateOrgPersonalAccessToken(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('pat_id') id: string,
  ): Promise<void> {
    await this.tokens.reinstate(principal, id);
  }

  /** Of the published API of November 2026. */
  @Get('members/personal-access-tokens')
  @OrgQuery(adminsOnly(MayNotListMemberTokens, 'organization:read'), [APIKeyGetResponse])
  @Problems('api')
  @Audited('list_all_org_personal_access_tokens')
  async listAllOrgPersonalAccessTokens(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() { workspace_ids: workspaceIds }: KeysQuery,
  ) {
    return (await this.tokens.listOfMembers(principal, workspaceIds)).map(toApiKey);
  }
}
