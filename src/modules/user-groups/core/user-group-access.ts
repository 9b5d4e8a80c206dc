import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../common/access/access.errors.js';
import type { Permission, WorkspacePermission } from '../../../common/access/permissions.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { WorkspacePermissions } from '../effective-roles/workspace-permissions.js';
import type { UserGroup } from './entities.js';
import { UserGroupNotFound, WrongKindOfUserGroup } from './errors.js';
import { UserGroupsRepository, type VisibleUserGroups } from './user-groups.repository.js';

type RequiredPermissions = { readonly organization: Permission; readonly workspace: WorkspacePermission };

export const READ: RequiredPermissions = {
  organization: 'organization:user-groups:read',
  workspace: 'workspaces:user-groups:read',
};
export const MANAGE_MEMBERS: RequiredPermissions = {
  organization: 'organization:user-groups:manage-members',
  workspace: 'workspaces:user-groups:manage-members',
};

export const MANAGE_POLICIES: RequiredPermissions = {
  organization: 'organization:user-groups:manage-policies',
  workspace: 'workspaces:user-groups:manage-policies',
};

/** Finds groups for callers with the permission for that kind of group (docs/contract/user-groups.md#who-may-do-what). */
@Injectable()
export class UserGroupAccess {
  constructor(
    private readonly groups: UserGroupsRepository,
    private readonly rights: WorkspacePermissions,
  ) {}

  /**
   * A group or a child. Without the permission for groups of the organization, an unknown group is refused like one that
   * exists.
   *
   * @throws PermissionMissing, then UserGroupNotFound
   */
  async get(principal: OrgPrincipal, id: string, required: RequiredPermissions): Promise<UserGroup> {
    const group = await this.groups.find(principal.orgId, id);
    const workspaceId = group?.workspaceId ?? null;
    const permission = workspaceId ? required.workspace : required.organization;
    const isHeld = workspaceId
      ? await this.holds(principal, workspaceId, required.workspace)
      : principal.can(permission);
    if (!isHeld) throw new PermissionMissing(permission);
    principal.needs.push({ workspaceId, permission });
    if (!group) throw new UserGroupNotFound();
    return group;
  }

  /** A group of the organization; the route requires the permission. @throws UserGroupNotFound, WrongKindOfUserGroup */
  async getOfOrganization({ orgId }: OrgPrincipal, id: string): Promise<UserGroup> {
    const group = await this.groups.find(orgId, id);
    if (!group) throw new UserGroupNotFound();
    if (group.workspaceId) throw new WrongKindOfUserGroup('organization');
    return group;
  }

  /** What the caller may see of lists of groups and children; seeing nothing is not an error. */
  async findVisible(principal: OrgPrincipal): Promise<VisibleUserGroups> {
    const workspaceIds = await this.rights.listWith(principal, READ.workspace);
    return { ofOrganization: principal.can(READ.organization), workspaceIds };
  }

  async hasRoleIn({ orgId, id }: UserGroup, workspaceId: string): Promise<boolean> {
    return (await this.groups.findGrant(orgId, id, workspaceId)) !== null;
  }

  async holds(
    principal: OrgPrincipal,
    workspaceId: string,
    permission: WorkspacePermission,
  ): Promise<boolean> {
    const held = await this.rights.findHeld(principal, [workspaceId]);
    return held.get(workspaceId)?.has(permission) ?? false;
  }
}
