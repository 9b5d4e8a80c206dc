import { Injectable } from '@nestjs/common';
import { type Policy, type Role, RolesService } from '../../rbac/index.js';
import { UserGroupRolesRepository } from './user-group-roles.repository.js';

/** What user groups add to the own role of a member of a workspace. */
export type GroupRights = { readonly roles: readonly Role[]; readonly policies: readonly Policy[] };

/** Roles and access policies of user groups (docs/contract/user-groups.md#effective-permissions). */
@Injectable()
export class EffectiveRoles {
  constructor(
    private readonly groupRoles: UserGroupRolesRepository,
    private readonly roles: RolesService,
  ) {}

  /** For a user who is a member of the workspace. */
  async ofGroups(orgId: string, userId: string, workspaceId: string): Promise<GroupRights> {
    const inWorkspace = (await this.groupRoles.list(orgId, userId)).filter(
      (role) => role.workspaceId === workspaceId,
    );
    if (inWorkspace.length === 0) return { roles: [], policies: [] };
    const ids = inWorkspace.map(({ roleId }) => roleId);
    const roles = await this.roles.findByIds(orgId, ids);
    const policies = await this.groupRoles.listPolicies(orgId, userId, workspaceId);
    return { roles: [...roles.values()], policies };
  }
}
