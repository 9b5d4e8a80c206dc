import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { ALL_PENDING, InvitationsService, PendingMemberDirectory } from '../../invitations/index.js';
import { type CreatedServiceKey, MemberDirectory, OrgMembersService } from '../../members/index.js';

/** Members and pending members together, without pages, for older clients. */
@Injectable()
export class MemberRoster {
  constructor(
    private readonly members: MemberDirectory,
    private readonly pending: PendingMemberDirectory,
    private readonly orgMembers: OrgMembersService,
    private readonly invitations: InvitationsService,
  ) {}

  async getForOrg(orgId: string) {
    const members = await this.members.listAllOrgMembers(orgId);
    const pending = await this.pending.page({ orgId }, ALL_PENDING);
    return { orgId, members, pending };
  }

  async getForWorkspace(workspaceId: string) {
    const members = await this.members.listAllWorkspaceMembers(workspaceId);
    const pending = await this.pending.page({ workspaceId }, ALL_PENDING);
    return { workspaceId, members, pending };
  }

  /**
   * The id of a membership or of an invitation (docs/contract/http.md#routes-beyond-the-published-description). Returns
   * the service keys that the member created; empty for an invitation.
   */
  async remove(
    principal: OrgPrincipal,
    memberOrInvitationId: string,
    options: { revokeCreatedKeys: boolean },
  ): Promise<readonly CreatedServiceKey[]> {
    const isMember = await this.orgMembers.find(principal.orgId, memberOrInvitationId);
    if (isMember || !(await this.isPending(principal, memberOrInvitationId)))
      return this.orgMembers.remove(principal, memberOrInvitationId, options); // throws MemberNotFound for neither
    await this.invitations.revoke(principal, memberOrInvitationId);
    return [];
  }

  private async isPending({ orgId }: OrgPrincipal, id: string): Promise<boolean> {
    return (await this.pending.find([id])).get(id)?.orgId === orgId;
  }
}
