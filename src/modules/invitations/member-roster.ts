import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { MemberDirectory, OrgMembersService } from '../members/index.js';
import { InvitationsService } from './invitations.service.js';
import { ALL_PENDING, PendingDirectory } from './pending-directory.js';

/** Members and pending people together, as the older clients read them: without pages. */
@Injectable()
export class MemberRoster {
  constructor(
    private readonly members: MemberDirectory,
    private readonly pending: PendingDirectory,
    private readonly orgMembers: OrgMembersService,
    private readonly invitations: InvitationsService,
  ) {}

  async ofOrg(orgId: string) {
    const members = await this.members.allOrgMembers(orgId);
    const pending = await this.pending.page({ orgId }, ALL_PENDING);
    return { orgId, members, pending };
  }

  async ofWorkspace(workspaceId: string) {
    const members = await this.members.allWorkspaceMembers(workspaceId);
    const pending = await this.pending.page({ workspaceId }, ALL_PENDING);
    return { workspaceId, members, pending };
  }

  /** Clients that know one id only may mean either (contract decision 36). */
  async remove(principal: OrgPrincipal, memberOrInvitationId: string): Promise<void> {
    const isMember = await this.orgMembers.find(principal.orgId, memberOrInvitationId);
    if (isMember) await this.orgMembers.remove(principal, memberOrInvitationId);
    else await this.removePending(principal, memberOrInvitationId);
  }

  private async removePending(principal: OrgPrincipal, id: string): Promise<void> {
    const isPending = (await this.pending.find([id])).get(id)?.orgId === principal.orgId;
    if (isPending) await this.invitations.revoke(principal, id);
    else await this.orgMembers.remove(principal, id); // says that there is no such member
  }
}
