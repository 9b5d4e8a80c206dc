import { Controller, Delete, Query } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import { Refuses, ReturnsAnything } from '../../../common/http/operations/operation.decorator.js';
import { ApiExtraModels, ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { RevokeCreatedQuery } from '../../../contract/api-keys.js';
import { RemovedOrgMember } from '../../../contract/members.js';
import { Audited } from '../../audit/index.js';
import { revokesCreated, toCreatedCredentials } from '../../members/index.js';
import { RemoveMemberOrInvitation } from './remove-member-or-invitation.js';

@ApiTags('orgs')
@Controller('api/v1/orgs/current/members')
export class MemberRemovalController {
  constructor(private readonly removal: RemoveMemberOrInvitation) {}

  @Delete(':identity_id')
  @RequirePermission('organization:manage')
  @Audited('delete_org_member')
  @ReturnsAnything()
  @ApiExtraModels(RemovedOrgMember)
  @Refuses(
    'invitation_not_found',
    'last_admin_required',
    'member_not_found',
    'only_admins_manage_org_wide_keys',
    'only_admins_manage_scim_tokens',
    'operator_cannot_change_invitation',
    'operator_cannot_change_role',
    'permission_missing',
    'role_not_grantable',
  )
  async removeMemberFromCurrentOrg(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('identity_id') memberOrInvitationId: string,
    @Query() query: RevokeCreatedQuery,
  ) {
    const options = { revokeCreated: revokesCreated(query) };
    return toCreatedCredentials(await this.removal.remove(principal, memberOrInvitationId, options));
  }
}
