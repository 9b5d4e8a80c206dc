import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, WorkspacePrincipal } from '../../../common/access/principal.js';
import { OrgMembersService, WorkspaceMembersService } from '../../members/index.js';
import { UserGroupMembersService } from '../../user-groups/index.js';
import type { ListedAccessRequest } from '../core/access-requests.read-model.js';
import { AccessRequestOutdated } from '../core/errors.js';
import type { GivenAccess } from './approval-terms.js';

/** Gives access as the caller would give it directly: with the same comparison, provenance and audit entries. */
@Injectable()
export class GiveRequestedAccess {
  constructor(
    private readonly orgMembers: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly groupMembers: UserGroupMembersService,
  ) {}

  /**
   * In the open transaction. Where the requester has a role, the requested one ends by a return to it.
   *
   * @throws AccessRequestOutdated, and the errors of the services
   */
  async give(principal: OrgPrincipal, request: ListedAccessRequest, given: GivenAccess): Promise<void> {
    const { workspaceId, userGroupId, fromRoleId, requesterId: userId } = request;
    const { roleId, accessExpiresAt } = given;
    const member = (await this.orgMembers.findByUsers(principal.orgId, [userId])).get(userId);
    if (!member) throw new AccessRequestOutdated(); // whose membership has ended
    if (userGroupId !== null) {
      await this.groupMembers.add(principal, userGroupId, [member.id], accessExpiresAt);
      return;
    }
    if (workspaceId === null || roleId === null) return;
    principal.needs.push({ workspaceId, permission: 'workspaces:manage-members' });
    const inWorkspace: WorkspacePrincipal = { ...principal, workspaceId };
    if (fromRoleId === null) {
      await this.workspaceMembers.add(inWorkspace, { member: { userId }, roleId, accessExpiresAt });
      return;
    }
    const [membership] = await this.workspaceMembers.listInWorkspace(workspaceId, [userId]);
    if (!membership) throw new AccessRequestOutdated();
    const until = accessExpiresAt === null ? {} : { accessExpiresAt, revertsToRoleId: fromRoleId };
    await this.workspaceMembers.changeRole(inWorkspace, membership.id, { roleId, ...until });
  }
}
