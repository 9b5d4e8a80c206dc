import { Controller, Get, Query } from '@nestjs/common';
import { RequirePermission } from '../../../../common/access/access-rule.decorator.js';
import { CurrentPrincipal } from '../../../../common/access/current-principal.decorator.js';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { Problems } from '../../../../common/http/problems.decorator.js';
import { Refuses } from '../../../../common/http/refuses.decorator.js';
import { Returns } from '../../../../common/http/returns.decorator.js';
import { ApiTags } from '../../../../common/http/swagger.decorator.js';
import { APIKeyGetResponse, KeysQuery } from '../../../../contract/api-keys.js';
import { Audited } from '../../../audit/index.js';
import { OrgAdminsOnly } from '../../../rbac/index.js';
import { toApiKey } from '../core/api-key.mapper.js';
import { MayNotListMemberTokens } from '../core/api-keys.errors.js';
import { PersonalAccessTokenLists } from './personal-access-token-lists.js';

/** Of the published API of November 2026. */
@ApiTags('orgs')
@Problems('api')
@Controller('api/v1/orgs/current/members/personal-access-tokens')
export class MemberTokensController {
  constructor(private readonly lists: PersonalAccessTokenLists) {}

  @Get()
  @RequirePermission('organization:read')
  @OrgAdminsOnly(MayNotListMemberTokens)
  @Audited('list_all_org_personal_access_tokens')
  @Returns([APIKeyGetResponse])
  @Refuses('may_not_list_member_tokens')
  async listAllOrgPersonalAccessTokens(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() { workspace_ids: workspaceIds }: KeysQuery,
  ) {
    return (await this.lists.listOfMembers(principal, workspaceIds)).map(toApiKey);
  }
}
