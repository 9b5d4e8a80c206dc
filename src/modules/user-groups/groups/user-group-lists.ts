import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import type { CursorList } from '../../../common/lists/cursor-list.js';
import { READ, UserGroupAccess } from '../core/user-group-access.js';
import { type ListedUserGroup, UserGroupsRepository } from '../core/user-groups.repository.js';
import { WorkspacePermissions } from '../effective-roles/workspace-permissions.js';

/** What a caller may see of groups and children; seeing nothing is not an error. */
@Injectable()
export class UserGroupLists {
  constructor(
    private readonly groups: UserGroupsRepository,
    private readonly access: UserGroupAccess,
    private readonly rights: WorkspacePermissions,
  ) {}

  /** Groups of the organization, and children in workspaces. */
  async list(principal: OrgPrincipal, page: CursorList): Promise<ListedUserGroup[]> {
    const ofOrganization = principal.can(READ.organization);
    const workspaceIds = await this.rights.listWith(principal, READ.workspace);
    return this.groups.list(principal.orgId, { ofOrganization, workspaceIds }, page);
  }

  /** Groups with a role in the workspace, and children in it. */
  async listOfWorkspace(
    principal: OrgPrincipal,
    workspaceId: string,
    page: CursorList,
  ): Promise<ListedUserGroup[]> {
    const children = await this.access.holds(principal, workspaceId, READ.workspace);
    const ofOrganization = children || principal.can(READ.organization);
    return this.groups.listOfWorkspace(principal.orgId, workspaceId, { ofOrganization, children }, page);
  }
}
