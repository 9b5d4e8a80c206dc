import { Controller, Delete, Get, Query } from '@nestjs/common';
import { RequirePermission } from '../../../common/access/access-rule.decorator.js';
import { CurrentPrincipal } from '../../../common/access/current-principal.decorator.js';
import type { OrgPrincipal, WorkspacePrincipal } from '../../../common/access/principal.js';
import { PathUuid } from '../../../common/http/path-uuid.decorator.js';
import { Returns, ReturnsAnything } from '../../../common/http/returns.decorator.js';
import { ApiExtraModels, ApiTags } from '../../../common/http/swagger.decorator.js';
import { OrganizationMembers, TenantMembers } from '../../../contract/invitations.js';
import { RemovedOrgMember, RemoveMemberQuery } from '../../../contract/members.js';
import { Audited } from '../../audit/index.js';
import { toOrganizationMembers, toTenantMembers } from '../../invitations/index.js';
import { toRemovedMember } from '../../members/index.js';
import { MemberRoster } from './member-roster.js';

@Controller('api/v1')
export class MemberRosterController {
  constructor(private readonly roster: MemberRoster) {}

  @Get('orgs/current/members')
  @ApiTags('orgs')
  @RequirePermission('organization:read')
  @Returns(OrganizationMembers)
  async getCurrentOrgMembers(@CurrentPrincipal() principal: OrgPrincipal) {
    return toOrganizationMembers(await this.roster.getForOrg(principal.orgId));
  }

  @Delete('orgs/current/members/:identity_id')
  @ApiTags('orgs')
  @RequirePermission('organization:manage')
  @Audited('delete_org_member')
  @ReturnsAnything()
  @ApiExtraModels(RemovedOrgMember)
  async removeMemberFromCurrentOrg(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('identity_id') memberOrInvitationId: string,
    @Query() { revoke_created_keys: revokeCreatedKeys }: RemoveMemberQuery,
  ) {
    return toRemovedMember(await this.roster.remove(principal, memberOrInvitationId, { revokeCreatedKeys }));
  }

  @Get('workspaces/current/members')
  @ApiTags('workspaces')
  @RequirePermission('workspaces:read')
  @Returns(TenantMembers)
  async getCurrentWorkspaceMembers(@CurrentPrincipal() principal: WorkspacePrincipal) {
    return toTenantMembers(await this.roster.getForWorkspace(principal.workspaceId));
  }
}
