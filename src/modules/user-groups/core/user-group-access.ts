import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../common/access/access.errors.js';
import type { WorkspacePermission } from '../../../common/access/permissions.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { WorkspacePermissions } from '../effective-roles/workspace-permissions.js';
import type { UserGroup } from './entities.js';
import { UserGroupNotFound, WrongKindOfUserGroup } from './errors.js';
import { UserGroupsRepository, type VisibleUserGroups } from './user-groups.repository.js';

/** What a caller needs for a group of the organization, and for a child in its workspace. */
const permissionsTo = <Right extends 'read' | 'manage-members' | 'manage-policies'>(right: Right) =>
  ({
    organization: `organization:user-groups:${right}`,
    workspace: `workspaces:user-groups:${right}`,
  }) as const;

export const READ = permissionsTo('read');
export const MANAGE_MEMBERS = permissionsTo('manage-members');
export const MANAGE_POLICIES = permissionsTo('manage-policies');

/** Finds groups for callers with the permission for that kind of group (docs/contract/user-groups.md#who-may-do-what). */
@Injectable()
export class UserGroupAccess {
  constructor(
    private readonly groups: UserGroupsRepository,
    private readonly rights: WorkspacePermissions,
  ) {}

  /** A group or a child. @throws PermissionMissing, also for an unknown group; then UserGroupNotFound */
  async get(
    principal: OrgPrincipal,
    id: string,
    required: ReturnType<typeof permissionsTo>,
  ): Promise<UserGroup> {
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

  async holds(principal: OrgPrincipal, workspaceId: string, permission: WorkspacePermission) {
    const held = await this.rights.findHeld(principal, [workspaceId]);
    return held.get(workspaceId)?.has(permission) ?? false;
  }
}
