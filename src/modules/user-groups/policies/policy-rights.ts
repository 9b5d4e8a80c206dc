import { Injectable } from '@nestjs/common';
import { AccessLimits } from '../../../common/access/access-limits.js';
import { ChangeExceedsRights } from '../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { isOperator, mayGrantOrgAdmin } from '../../roles/index.js';
import { AccessPolicyNotGrantable, OnlyAdminsManagePolicies } from '../../policies/index.js';
import type { UserGroup } from '../core/entities.js';
import { PolicyOfOtherWorkspace } from '../core/errors.js';
import { UserGroupsRepository } from '../core/user-groups.repository.js';

/** Who attaches and detaches policies of which groups, and for which workspaces. */
@Injectable()
export class PolicyRights {
  constructor(
    private readonly groups: UserGroupsRepository,
    private readonly limits: AccessLimits,
  ) {}

  /**
   * Policies of groups of the organization are for Organization Admins, those of a child for admins of its workspace, too.
   * Operators manage people, not rules (docs/contract/members.md#operators).
   *
   * @throws OnlyAdminsManagePolicies
   */
  assertMayManage(principal: OrgPrincipal, { workspaceId }: UserGroup): void {
    if (mayGrantOrgAdmin(principal)) return;
    if (!workspaceId || isOperator(principal)) throw new OnlyAdminsManagePolicies();
  }

  /** The workspace to store; of a child, none. @throws PolicyOfOtherWorkspace */
  async storedWorkspace(group: UserGroup, requested: string | null): Promise<string | null> {
    if (requested === null) return null;
    if (group.workspaceId === requested) return null;
    const hasGrant =
      group.workspaceId === null && (await this.groups.findGrant(group.orgId, group.id, requested)) !== null;
    if (!hasGrant) throw new PolicyOfOtherWorkspace();
    return requested;
  }

  /** Under the roster lock. @throws AccessPolicyNotGrantable, ChangeExceedsRights */
  assertMayAttach(principal: OrgPrincipal, child: UserGroup, policyId: string): Promise<void> {
    return this.assertWithin(principal, child, (ids) => [...ids.filter((id) => id !== policyId), policyId]);
  }

  /** As `assertMayAttach`. */
  assertMayDetach(principal: OrgPrincipal, child: UserGroup, policyId: string): Promise<void> {
    return this.assertWithin(principal, child, (ids) => ids.filter((id) => id !== policyId));
  }

  private async assertWithin(
    principal: OrgPrincipal,
    child: UserGroup,
    policiesAfter: (ids: readonly string[]) => string[],
  ): Promise<void> {
    if (mayGrantOrgAdmin(principal)) return;
    const granted = (await this.groups.listGranted(child)).filter(({ id }) => id === child.id);
    const changes = granted.map(({ id, name, workspaceId, roleId, policyIds }) => ({
      subject: { memberOf: [id] },
      workspaceId,
      groups: [
        {
          id,
          name,
          before: { roleId, policyIds },
          after: { roleId, policyIds: policiesAfter(policyIds) },
        },
      ],
    }));
    const excessOf = await this.limits.load(principal, changes);
    for (const change of changes) {
      const excess = excessOf(change);
      if (!excess) continue;
      const isOfPolicy = excess.reason !== 'deny-policy-of-caller';
      throw new (isOfPolicy ? AccessPolicyNotGrantable : ChangeExceedsRights)(excess.message);
    }
  }
}
