import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, WorkspacePrincipal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { OrgMembersService, WorkspaceMembersService } from '../../members/index.js';
import { UserGroupMembersService } from '../../user-groups/index.js';
import type { ListedAccessRequest } from '../core/access-requests.read-model.js';
import { AccessRequestOutdated } from '../core/errors.js';
import { type Approval, ApprovalTerms, type GivenAccess } from './approval-terms.js';
import { DecideAccessRequest } from './decide-access-request.js';

/** Gives what was asked for, or less (docs/contract/access-requests.md#deciding). */
@Injectable()
export class ApproveAccessRequest {
  constructor(
    private readonly decisions: DecideAccessRequest,
    private readonly terms: ApprovalTerms,
    private readonly orgMembers: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly groupMembers: UserGroupMembersService,
    private readonly transaction: Transaction,
  ) {}

  /**
   * @throws AccessRequestNotFound, OwnAccessRequest, AccessRequestClosed, AccessRequestOutdated, AccessManagedByProvider,
   *   AccessAlreadyHeld, ApprovalExceedsRequest, and the errors with which the access could not be given directly
   */
  run(principal: OrgPrincipal, id: string, approval: Approval): Promise<void> {
    return this.transaction.as(principal, async () => {
      const request = await this.decisions.getOpen(principal, id);
      const given = await this.terms.of(request, approval);
      const { roleId, accessExpiresAt } = given;
      await this.give(principal, request, given);
      const decision = { decidedByUserId: principal.userId, decidedRoleId: roleId, accessExpiresAt };
      const details = {
        ...(roleId === null ? {} : { role_id: roleId }),
        ...(request.userGroupId === null ? {} : { user_group_id: request.userGroupId }),
        ...(accessExpiresAt === null ? {} : { access_expires_at: accessExpiresAt.toISOString() }),
      };
      await this.decisions.close(principal, request, { ...decision, state: 'approved' }, details);
    });
  }

  /**
   * As the caller would give it directly: with the same comparison, provenance and audit entries. Where the requester has a role,
   * the requested one ends by a return to it.
   *
   * @throws AccessRequestOutdated, and the errors of the services
   */
  private async give(
    principal: OrgPrincipal,
    request: ListedAccessRequest,
    given: GivenAccess,
  ): Promise<void> {
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
