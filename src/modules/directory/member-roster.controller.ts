import { Controller, Get } from '@nestjs/common';
import { CurrentPrincipal, OrgQuery, WorkspaceQuery } from '../../common/access/access.decorator.js';
import type { OrgPrincipal, WorkspacePrincipal } from '../../common/access/principal.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { listReply } from '../../common/lists/list.reply.js';
import type { RowList } from '../../common/lists/streamed-rows.js';
import { OrganizationMembers, TenantMembers } from '../../contract/invitations.js';
import { ListReader } from '../../database/lists/list-reader.js';
import { PendingMemberDirectory, toOrgPending, toWorkspacePending } from '../invitations/index.js';
import { MemberDirectory, toOrgMember, toWorkspaceMember } from '../members/index.js';

/** Members and pending members together, without pages, for older clients. */
@Refuses('too_many_large_lists')
@Controller('api/v1')
export class MemberRosterController {
  constructor(
    private readonly members: MemberDirectory,
    private readonly pending: PendingMemberDirectory,
    private readonly lists: ListReader,
  ) {}

  @Get('orgs/current/members')
  @ApiTags('orgs')
  @OrgQuery('organization:read', OrganizationMembers)
  async getCurrentOrgMembers(@CurrentPrincipal() principal: OrgPrincipal) {
    const { orgId } = principal;
    const [members, pending] = await this.lists.read(
      this.members.allOrgMembers(orgId),
      this.pending.allInOrg(orgId),
    );
    const response: WithLists<OrganizationMembers> = {
      organization_id: orgId,
      members: members.map(toOrgMember),
      pending: pending.map(toOrgPending(principal)),
    };
    return listReply(response);
  }

  @Get('workspaces/current/members')
  @ApiTags('workspaces')
  @WorkspaceQuery('workspaces:read', TenantMembers)
  async getCurrentWorkspaceMembers(@CurrentPrincipal() principal: WorkspacePrincipal) {
    const { workspaceId } = principal;
    const [members, pending] = await this.lists.read(
      this.members.allWorkspaceMembers(workspaceId),
      this.pending.allInWorkspace(workspaceId),
    );
    const response: WithLists<TenantMembers> = {
      tenant_id: workspaceId,
      members: members.map(toWorkspaceMember),
      pending: pending.map(toWorkspacePending(principal, workspaceId)),
    };
    return listReply(response);
  }
}

/** A response whose lists may be streamed. */
type WithLists<Response> = {
  [Name in keyof Response]: Response[Name] extends readonly (infer Row)[] ? RowList<Row> : Response[Name];
};
