import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, WorkspacePrincipal } from '../../../common/access/principal.js';
import { OrgMembersService, WorkspaceMembersService } from '../../members/index.js';
import { UserGroupMembersService } from '../../user-groups/index.js';
import type { ListedAccessRequest } from '../core/access-requests.read-model.js';
import { AccessRequestOutdated, ApprovalExceedsRequest } from '../core/errors.js';
import type { GivenAccess } from './approval-terms.js';

/** Gives access as the caller would give it directly: with the same comparison, provenance and audit entries. */
@Injectable()
export class GiveRequestedAccess {
  constructor(
    private readonly orgMembers: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly groupMembers: UserGroupMembersService,
  ) {}

  /** In the open transaction. @throws AccessRequestOutdated, and the errors of the services */
  async give(principal: OrgPrincipal, request: ListedAccessRequest, given: GivenAccess): Promise<void> {
    if (given.accessExpiresAt !== null)
      throw new ApprovalExceedsRequest('access_expires_at', 'Access cannot be given with an end yet');
    const { workspaceId, userGroupId, fromRoleId, requesterId } = request;
    if (userGroupId !== null) return this.addToGroup(principal, userGroupId, requesterId);
    if (workspaceId === null || given.roleId === null) return;
    const inWorkspace: WorkspacePrincipal = { ...principal, workspaceId };
    if (fromRoleId === null) {
      const { roleId, accessExpiresAt } = given;
      await this.workspaceMembers.add(inWorkspace, {
        member: { userId: requesterId },
        roleId,
        accessExpiresAt,
      });
      return;
    }
    const [membership] = await this.workspaceMembers.listInWorkspace(workspaceId, [requesterId]);
    if (!membership) throw new AccessRequestOutdated();
    await this.workspaceMembers.changeRole(inWorkspace, membership.id, { roleId: given.roleId });
  }

  private async addToGroup(principal: OrgPrincipal, groupId: string, userId: string): Promise<void> {
    const member = (await this.orgMembers.findByUsers(principal.orgId, [userId])).get(userId);
    if (!member) throw new AccessRequestOutdated();
    await this.groupMembers.add(principal, groupId, [member.id], null);
  }
}
