import { Controller, Get } from '@nestjs/common';
import { RequirePermission } from '../../../common/access/access-rule.decorator.js';
import { CurrentPrincipal } from '../../../common/access/current-principal.decorator.js';
import type { OrgPrincipal, WorkspacePrincipal } from '../../../common/access/principal.js';
import { Refuses } from '../../../common/http/refuses.decorator.js';
import { Returns } from '../../../common/http/returns.decorator.js';
import { ApiTags } from '../../../common/http/swagger.decorator.js';
import { listReply } from '../../../common/lists/list.reply.js';
import { OrganizationMembers, TenantMembers } from '../../../contract/invitations.js';
import { MemberRoster } from './member-roster.js';
import { toOrganizationMembers, toTenantMembers } from './member-roster.mapper.js';

@Controller('api/v1')
export class MemberRosterController {
  constructor(private readonly roster: MemberRoster) {}

  @Get('orgs/current/members')
  @ApiTags('orgs')
  @RequirePermission('organization:read')
  @Returns(OrganizationMembers)
  @Refuses('too_many_large_lists')
  async getCurrentOrgMembers(@CurrentPrincipal() principal: OrgPrincipal) {
    return listReply(toOrganizationMembers(principal, await this.roster.getForOrg(principal.orgId)));
  }

  @Get('workspaces/current/members')
  @ApiTags('workspaces')
  @RequirePermission('workspaces:read')
  @Returns(TenantMembers)
  @Refuses('too_many_large_lists')
  async getCurrentWorkspaceMembers(@CurrentPrincipal() principal: WorkspacePrincipal) {
    return listReply(toTenantMembers(principal, await this.roster.getForWorkspace(principal)));
  }
}
