import { Injectable } from '@nestjs/common';
import { ALL_PENDING, type PendingMember, PendingMemberDirectory } from '../../invitations/index.js';
import { MemberDirectory, type OrgMember, type WorkspaceMember } from '../../members/index.js';

type Roster<Member> = { readonly members: readonly Member[]; readonly pending: readonly PendingMember[] };
export type OrgRoster = Roster<OrgMember> & { readonly orgId: string };
export type WorkspaceRoster = Roster<WorkspaceMember> & { readonly workspaceId: string };

/** Members and pending members together, without pages, for older clients. */
@Injectable()
export class MemberRoster {
  constructor(
    private readonly members: MemberDirectory,
    private readonly pending: PendingMemberDirectory,
  ) {}

  async getForOrg(orgId: string): Promise<OrgRoster> {
    const members = await this.members.listAllOrgMembers(orgId);
    const pending = await this.pending.page({ orgId }, ALL_PENDING);
    return { orgId, members, pending };
  }

  async getForWorkspace(workspaceId: string): Promise<WorkspaceRoster> {
    const members = await this.members.listAllWorkspaceMembers(workspaceId);
    const pending = await this.pending.page({ workspaceId }, ALL_PENDING);
    return { workspaceId, members, pending };
  }
}
