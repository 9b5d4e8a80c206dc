import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import type { CursorList } from '../../../common/lists/cursor-list.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { PolicyOfOtherWorkspace } from '../core/errors.js';
import { AccessPoliciesService } from '../../policies/index.js';
import { MANAGE_POLICIES, READ, UserGroupAccess } from '../core/user-group-access.js';
import {
  type AttachedGroupPolicy,
  UserGroupPoliciesRepository,
} from '../core/user-group-policies.repository.js';
import { PolicyRights } from './policy-rights.js';

/** `workspaceId`: null for every workspace of the group. */
export type RequestedAttachment = { readonly policyId: string; readonly workspaceId: string | null };

/** Access policies of groups and children (docs/contract/user-groups.md#guards). */
@Injectable()
export class UserGroupPoliciesService {
  constructor(
    private readonly attachments: UserGroupPoliciesRepository,
    private readonly access: UserGroupAccess,
    private readonly rights: PolicyRights,
    private readonly policies: AccessPoliciesService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  async list(principal: OrgPrincipal, groupId: string, page: CursorList): Promise<AttachedGroupPolicy[]> {
    const group = await this.access.get(principal, groupId, READ);
    return this.attachments.list(group, { afterId: page.after?.id ?? null, limit: page.limit });
  }

  /**
   * `isNew`: it was not attached before.
   *
   * @throws OnlyAdminsManagePolicies, PolicyOfOtherWorkspace, AccessPolicyNotFound, AccessPolicyNotGrantable,
   *   ChangeExceedsRights
   */
  attach(
    principal: OrgPrincipal,
    groupId: string,
    { policyId, workspaceId }: RequestedAttachment,
  ): Promise<{ policy: AttachedGroupPolicy; isNew: boolean }> {
    return this.transaction.as(principal, async () => {
      const group = await this.access.get(principal, groupId, MANAGE_POLICIES);
      this.rights.assertMayManage(principal, group);
      const attachment = { policyId, workspaceId: await this.rights.storedWorkspace(group, workspaceId) };
      await this.policies.get(principal.orgId, policyId);
      await this.rights.assertMayAttach(principal, group, policyId);
      const isNew = await this.attachments.attach(group, attachment);
      if (isNew) await this.audit.record(principal, 'attach_user_group_access_policy', [groupId, policyId]);
      return { policy: await this.attachments.find(group, attachment), isNew };
    });
  }

  /** Does nothing if it is not attached. @throws as `attach`, but for an unknown policy */
  async detach(
    principal: OrgPrincipal,
    groupId: string,
    { policyId, workspaceId }: RequestedAttachment,
  ): Promise<void> {
    await this.transaction.as(principal, async () => {
      const group = await this.access.get(principal, groupId, MANAGE_POLICIES);
      this.rights.assertMayManage(principal, group);
      if (group.workspaceId && workspaceId && workspaceId !== group.workspaceId)
        throw new PolicyOfOtherWorkspace();
      await this.rights.assertMayDetach(principal, group, policyId);
      const attachment = { policyId, workspaceId: group.workspaceId ? null : workspaceId };
      if (await this.attachments.detach(group, attachment))
        await this.audit.record(principal, 'detach_user_group_access_policy', [groupId, policyId]);
    });
  }
}
