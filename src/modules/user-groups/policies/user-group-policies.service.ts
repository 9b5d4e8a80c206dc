import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import type { ListPage } from '../../../common/lists/cursor-list.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { type AuditDetails, AuditTrail } from '../../audit/index.js';
import { AccessPoliciesService, OnlyAdminsManagePolicies } from '../../policies/index.js';
import { isOperator, mayGrantOrgAdmin } from '../../roles/index.js';
import type { UserGroup } from '../core/entities.js';
import { PolicyOfOtherWorkspace } from '../core/errors.js';
import { MANAGE_POLICIES, READ, UserGroupAccess } from '../core/user-group-access.js';
import { UserGroupLimits } from '../core/user-group-limits.js';
import {
  type AttachedGroupPolicy,
  type Attachment,
  UserGroupPoliciesRepository,
} from '../core/user-group-policies.repository.js';

/** Access policies of groups and children (docs/contract/user-groups.md#guards). */
@Injectable()
export class UserGroupPoliciesService {
  constructor(
    private readonly attachments: UserGroupPoliciesRepository,
    private readonly access: UserGroupAccess,
    private readonly limits: UserGroupLimits,
    private readonly policies: AccessPoliciesService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  async list(principal: OrgPrincipal, groupId: string, page: ListPage): Promise<AttachedGroupPolicy[]> {
    return this.attachments.list(await this.access.get(principal, groupId, READ), page);
  }

  /**
   * `workspaceId`: null for every workspace of the group. `isNew`: it was not attached before.
   *
   * @throws OnlyAdminsManagePolicies, PolicyOfOtherWorkspace, AccessPolicyNotFound, AccessPolicyNotGrantable,
   *   ChangeExceedsRights
   */
  attach(
    principal: OrgPrincipal,
    groupId: string,
    { policyId, workspaceId }: Attachment,
  ): Promise<{ policy: AttachedGroupPolicy; isNew: boolean }> {
    return this.transaction.as(principal, async () => {
      const group = await this.access.get(principal, groupId, MANAGE_POLICIES);
      assertMayManage(principal, group);
      const attachment = { policyId, workspaceId: await this.storedWorkspace(group, workspaceId) };
      await this.policies.get(principal.orgId, policyId);
      await this.limits.assertMayAttach(principal, group, policyId);
      const isNew = await this.attachments.attach(group, attachment);
      if (isNew)
        await this.audit.record(principal, 'attach_user_group_access_policy', [groupId, policyId], {
          details: placeOf(attachment),
        });
      return { policy: await this.attachments.find(group, attachment), isNew };
    });
  }

  /** Does nothing if it is not attached. @throws as `attach`, but for an unknown policy */
  async detach(
    principal: OrgPrincipal,
    groupId: string,
    { policyId, workspaceId }: Attachment,
  ): Promise<void> {
    await this.transaction.as(principal, async () => {
      const group = await this.access.get(principal, groupId, MANAGE_POLICIES);
      assertMayManage(principal, group);
      if (group.workspaceId && workspaceId && workspaceId !== group.workspaceId)
        throw new PolicyOfOtherWorkspace();
      await this.limits.assertMayDetach(principal, group, policyId);
      const attachment = { policyId, workspaceId: group.workspaceId ? null : workspaceId };
      if (await this.attachments.detach(group, attachment))
        await this.audit.record(principal, 'detach_user_group_access_policy', [groupId, policyId], {
          details: placeOf(attachment),
        });
    });
  }

  /** Of a child, none. */
  private async storedWorkspace(group: UserGroup, requested: string | null): Promise<string | null> {
    if (requested === null || group.workspaceId === requested) return null;
    if (group.workspaceId || !(await this.access.hasRoleIn(group, requested)))
      throw new PolicyOfOtherWorkspace();
    return requested;
  }
}

/** Where the policy applies, if not wherever the group has a role. */
const placeOf = ({ workspaceId }: Attachment): AuditDetails =>
  workspaceId ? { for_workspace_id: workspaceId } : {};

/**
 * Policies of groups of the organization are for Organization Admins, those of a child for admins of its workspace, too.
 * Operators manage people, not rules (docs/contract/members.md#operators).
 */
function assertMayManage(principal: OrgPrincipal, { workspaceId }: UserGroup): void {
  if (mayGrantOrgAdmin(principal)) return;
  if (!workspaceId || isOperator(principal)) throw new OnlyAdminsManagePolicies();
}
