import { Controller, Get } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal, WorkspacePrincipal } from '../../../common/access/principal.js';
import { Refuses, Returns } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { listReply } from '../../../common/lists/list.reply.js';
import type { RowList } from '../../../common/lists/streamed-rows.js';
import { OrganizationMembers, TenantMembers } from '../../../contract/invitations.js';
import { toOrgPending, toWorkspacePending } from '../../invitations/index.js';
import { toOrgMember, toWorkspaceMember } from '../../members/index.js';
import { MemberRoster, type OrgRoster, type WorkspaceRoster } from './member-roster.js';

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

/** A response whose lists may be streamed. */
type WithLists<Response> = {
  [Name in keyof Response]: Response[Name] extends readonly (infer Row)[] ? RowList<Row> : Response[Name];
};

const toOrganizationMembers = (
  principal: OrgPrincipal,
  roster: OrgRoster,
): WithLists<OrganizationMembers> => ({
  organization_id: roster.orgId,
  members: roster.members.map(toOrgMember),
  pending: roster.pending.map(toOrgPending(principal)),
});

const toTenantMembers = (principal: OrgPrincipal, roster: WorkspaceRoster): WithLists<TenantMembers> => ({
  tenant_id: roster.workspaceId,
  members: roster.members.map(toWorkspaceMember),
  pending: roster.pending.map(toWorkspacePending(principal, roster.workspaceId)),
});
