import { Injectable } from '@nestjs/common';
import type { WorkspacePrincipal } from '../../../common/access/principal.js';
import type { RowList } from '../../../common/lists/streamed-rows.js';
import { ListReader } from '../../../database/lists/list-reader.js';
import { type PendingMember, PendingMemberDirectory } from '../../invitations/index.js';
import { MemberDirectory, type OrgMember, type WorkspaceMember } from '../../members/index.js';

type Roster<Member> = { readonly members: RowList<Member>; readonly pending: RowList<PendingMember> };
export type OrgRoster = Roster<OrgMember> & { readonly orgId: string };
export type WorkspaceRoster = Roster<WorkspaceMember> & { readonly workspaceId: string };

/** Members and pending members together, without pages, for older clients. */
@Injectable()
export class MemberRoster {
  constructor(
    private readonly members: MemberDirectory,
    private readonly pending: PendingMemberDirectory,
    private readonly lists: ListReader,
  ) {}

  async getForOrg(orgId: string): Promise<OrgRoster> {
    const [members, pending] = await this.lists.read(
      this.members.allOrgMembers(orgId),
      this.pending.allInOrg(orgId),
    );
    return { orgId, members, pending };
  }

  async getForWorkspace({ workspaceId }: WorkspacePrincipal): Promise<WorkspaceRoster> {
    const [members, pending] = await this.lists.read(
      this.members.allWorkspaceMembers(workspaceId),
      this.pending.allInWorkspace(workspaceId),
    );
    return { workspaceId, members, pending };
  }
}
