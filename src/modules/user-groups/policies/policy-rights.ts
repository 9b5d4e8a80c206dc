import { Injectable } from '@nestjs/common';
import { ALL_WORKSPACE_PERMISSIONS } from '../../../common/access/permissions.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { getOrThrow } from '../../../common/collections.js';
import { isOperator, mayGrantOrgAdmin, OnlyAdminsManagePolicies } from '../../rbac/index.js';
import type { UserGroup } from '../core/user-group.entity.js';
import { PolicyOfOtherWorkspace } from '../core/user-groups.errors.js';
import { UserGroupsRepository } from '../core/user-groups.repository.js';
import { type HeldPermissions, WorkspacePermissions } from '../effective-roles/workspace-permissions.js';

/** Who attaches and detaches policies of which groups, and for which workspaces. */
@Injectable()
export class PolicyRights {
  constructor(
    private readonly groups: UserGroupsRepository,
    private readonly rights: WorkspacePermissions,
  ) {}

  /**
   * What the caller holds in all workspaces concerned: those of the group for organization admins, that of a child for
   * its admins. Operators manage people, not rules (docs/contract/members.md#operators).
   *
   * @throws OnlyAdminsManagePolicies
   */
  async heldFor(principal: OrgPrincipal, { workspaceId }: UserGroup): Promise<HeldPermissions> {
    if (mayGrantOrgAdmin(principal)) return ALL_WORKSPACE_PERMISSIONS;
    if (!workspaceId || isOperator(principal)) throw new OnlyAdminsManagePolicies();
    return getOrThrow(await this.rights.findHeld(principal, [workspaceId]), workspaceId);
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
}
