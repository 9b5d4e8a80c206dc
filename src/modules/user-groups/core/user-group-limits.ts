import { Injectable } from '@nestjs/common';
import type { Permission } from '../../../common/access/permissions.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { getOrThrow } from '../../../common/collections.js';
import {
  isOutOfReach,
  mayGrant,
  mayGrantOrgAdmin,
  RoleIsRestricted,
  RolesService,
} from '../../rbac/index.js';
import { WorkspacePermissions } from '../effective-roles/workspace-permissions.js';
import { type PolicyOfUserGroup, UserGroupPoliciesRepository } from './user-group-policies.repository.js';
import type { UserGroup } from './user-group.entity.js';
import { UserGroupExceedsRights } from './user-groups.errors.js';
import { type RoleInWorkspace, UserGroupsRepository } from './user-groups.repository.js';

type GroupKey = Pick<UserGroup, 'orgId' | 'id'>;
/**
 * What a change does to members: they get the roles and what policies allow, or lose the roles and what policies deny.
 * `end` takes, and the children concerned go with their own policies.
 */
export type Effect = 'give' | 'take' | 'end';

/**
 * Limits changes of groups to what the caller holds (docs/contract/user-groups.md#guards), and gifts of restricted roles
 * to those who manage the workspace (docs/contract/roles.md#restricted-roles). Called under the roster lock.
 */
@Injectable()
export class UserGroupLimits {
  constructor(
    private readonly groups: UserGroupsRepository,
    private readonly policies: UserGroupPoliciesRepository,
    private readonly roles: RolesService,
    private readonly rights: WorkspacePermissions,
  ) {}

  /** Adding or removing members, and removing the group. @throws UserGroupExceedsRights, RoleIsRestricted */
  async assertMayChange(principal: OrgPrincipal, group: GroupKey, effect: Effect): Promise<void> {
    if (mayGrantOrgAdmin(principal)) return;
    await this.assertHeld(principal, group, await this.groups.listRoles(group), effect);
  }

  /** Adding or removing this grant of the group. @throws UserGroupExceedsRights, RoleIsRestricted */
  async assertMayGrant(
    principal: OrgPrincipal,
    group: GroupKey,
    grant: RoleInWorkspace,
    effect: Effect,
  ): Promise<void> {
    if (mayGrantOrgAdmin(principal)) return;
    await this.assertHeld(principal, group, [grant], effect);
  }

  private async assertHeld(
    principal: OrgPrincipal,
    group: GroupKey,
    grants: readonly RoleInWorkspace[],
    effect: Effect,
  ): Promise<void> {
    const held = await this.rights.findHeld(
      principal,
      grants.map(({ workspaceId }) => workspaceId),
    );
    const roles = await this.roles.findOrgRoles(
      principal.orgId,
      grants.map(({ roleId }) => roleId),
    );
    const policies = await this.policies.listContent(group, { withChildren: effect === 'end' });
    for (const { workspaceId, roleId } of grants) {
      const role = getOrThrow(roles, roleId);
      const own = getOrThrow(held, workspaceId);
      const concerned = [...role.permissions, ...permissionsOfPolicies(policies, workspaceId, effect)];
      if (!mayGrant(own, concerned)) throw new UserGroupExceedsRights();
      if (effect === 'give' && isOutOfReach(own, role)) throw new RoleIsRestricted(role.displayName);
    }
  }
}

function permissionsOfPolicies(
  policies: readonly PolicyOfUserGroup[],
  inWorkspace: string,
  effect: Effect,
): Permission[] {
  const concerned = policies.filter(
    (policy) =>
      policy.effect === (effect === 'give' ? 'allow' : 'deny') &&
      (policy.workspaceId === null || policy.workspaceId === inWorkspace),
  );
  return concerned.flatMap(({ conditionGroups }) => conditionGroups.map(({ permission }) => permission));
}
