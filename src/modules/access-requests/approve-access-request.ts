import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, WorkspacePrincipal } from '../../common/access/principal.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { OrgMembersService, WorkspaceMembersService } from '../members/index.js';
import { UserGroupMembersService } from '../user-groups/index.js';
import type { ListedAccessRequest } from './core/access-requests.read-model.js';
import { AccessTargets } from './core/access-targets.read-model.js';
import {
  AccessAlreadyHeld,
  AccessIsTemporary,
  AccessManagedByProvider,
  AccessRequestOutdated,
  ApprovalExceedsRequest,
} from './core/errors.js';
import { DecideAccessRequest } from './decide-access-request.js';

/** Absent: as requested. */
export type Approval = {
  readonly roleId: string | undefined;
  readonly accessExpiresAt: Date | null | undefined;
};

/** `roleId`: in the workspace; null for a user group. `accessExpiresAt` null: permanently. */
type GivenAccess = { readonly roleId: string | null; readonly accessExpiresAt: Date | null };

/** Gives what was asked for, or less (docs/contract/access-requests.md#deciding). */
@Injectable()
export class ApproveAccessRequest {
  constructor(
    private readonly decisions: DecideAccessRequest,
    private readonly targets: AccessTargets,
    private readonly orgMembers: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly groupMembers: UserGroupMembersService,
    private readonly transaction: Transaction,
  ) {}

  /**
   * @throws AccessRequestNotFound, OwnAccessRequest, AccessRequestClosed, AccessRequestOutdated, AccessManagedByProvider,
   *   AccessIsTemporary, AccessAlreadyHeld, ApprovalExceedsRequest, and the errors with which the access could not be
   *   given directly
   */
  run(principal: OrgPrincipal, id: string, approval: Approval): Promise<void> {
    return this.transaction.as(principal, async () => {
      const request = await this.decisions.getOpen(principal, id);
      await this.assertStillValid(request);
      const roleId = await this.roleOf(request, approval);
      const accessExpiresAt = await this.endOf(request, approval);
      await this.give(principal, request, { roleId, accessExpiresAt });
      const decision = { decidedByUserId: principal.userId, decidedRoleId: roleId, accessExpiresAt };
      await this.decisions.close(
        principal,
        request,
        { ...decision, state: 'approved' },
        'approve_access_request',
        {
          ...(roleId === null ? {} : { role_id: roleId }),
          ...(request.userGroupId === null ? {} : { user_group_id: request.userGroupId }),
          ...(accessExpiresAt === null ? {} : { access_expires_at: accessExpiresAt.toISOString() }),
        },
      );
    });
  }

  private async assertStillValid(request: ListedAccessRequest): Promise<void> {
    const { orgId, requesterId, workspaceId, userGroupId, fromRoleId } = request;
    const target = await this.targets.find(
      orgId,
      requesterId,
      workspaceId === null
        ? { kind: 'group', id: userGroupId ?? '' }
        : { kind: 'workspace', id: workspaceId },
    );
    if (!target || target.roleId !== fromRoleId) throw new AccessRequestOutdated();
    if (target.isManagedByProvider) throw new AccessManagedByProvider();
    if (target.isTemporary) throw new AccessIsTemporary();
    if (target.kind === 'group' && target.isMember) throw new AccessAlreadyHeld();
  }

  /** @throws AccessRequestOutdated if members may not ask for the requested role any more, AccessAlreadyHeld */
  private async roleOf(
    { orgId, roleId, fromRoleId }: ListedAccessRequest,
    approval: Approval,
  ): Promise<string | null> {
    if (roleId === null) {
      if (approval.roleId === undefined) return null;
      throw new ApprovalExceedsRequest('role_id', 'The request is for a user group');
    }
    if (!(await this.targets.findRole(orgId, roleId))) throw new AccessRequestOutdated();
    const given = approval.roleId ?? roleId;
    if (!(await this.targets.isRoleWithin(orgId, { id: given, otherId: roleId })))
      throw new ApprovalExceedsRequest('role_id', 'Choose a role that gives no more than the requested one');
    if (given === fromRoleId) throw new AccessAlreadyHeld();
    return given;
  }

  /** By the database's clock. */
  private async endOf(
    { durationSeconds }: ListedAccessRequest,
    { accessExpiresAt }: Approval,
  ): Promise<Date | null> {
    if (durationSeconds === null) return accessExpiresAt ?? null;
    const latest = await this.targets.endAfter(durationSeconds);
    if (accessExpiresAt === undefined) return latest;
    if (accessExpiresAt === null || accessExpiresAt > latest)
      throw new ApprovalExceedsRequest('access_expires_at', 'Choose a time within the requested duration');
    return accessExpiresAt;
  }

  /** As the caller would give it directly. A role that takes the place of another one ends by a return to that. */
  private async give(
    principal: OrgPrincipal,
    { workspaceId, userGroupId, fromRoleId, requesterId: userId }: ListedAccessRequest,
    { roleId, accessExpiresAt }: GivenAccess,
  ): Promise<void> {
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
