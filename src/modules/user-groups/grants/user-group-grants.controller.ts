import { Body, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import { Refuses } from '../../../common/http/operations/operation.decorator.js';
import { CursorList } from '../../../common/lists/cursor-list.js';
import { CursorListQuery } from '../../../contract/lists.js';
import {
  UserGroupGrant,
  UserGroupGrantCreate,
  UserGroupGrantPage,
  UserGroupGrantUpdate,
} from '../../../contract/user-groups.js';
import { requestedEnd } from '../../members/index.js';
import { UserGroupRoutes } from '../core/user-groups.guard.js';
import type { Grant } from '../core/user-groups.repository.js';
import { UserGroupGrantsService } from './user-group-grants.service.js';

/** The roles of user groups in workspaces (docs/contract/user-groups.md#kinds-of-groups). */
@UserGroupRoutes('/:user_group_id/workspaces')
@Refuses('user_group_not_found', 'wrong_kind_of_user_group')
export class UserGroupGrantsController {
  constructor(private readonly grants: UserGroupGrantsService) {}

  @Get()
  @OrgQuery('organization:user-groups:read', UserGroupGrantPage)
  async listUserGroupGrants(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('user_group_id') groupId: string,
    @Query() query: CursorListQuery,
  ) {
    const page = new CursorList(query, ['user-group-grants', principal.orgId, groupId]);
    const grants = await this.grants.list(principal, groupId, page);
    return page.page(grants, ({ workspaceId }) => ({ id: workspaceId }), toGrant);
  }

  @Post()
  @OrgCommand('organization:user-groups:manage-grants', 'create_user_group_grant', UserGroupGrant, {
    status: 201,
  })
  @Refuses(
    'change_exceeds_rights',
    'not_a_workspace_role',
    'own_access_end',
    'role_is_restricted',
    'role_not_found',
    'user_group_exceeds_rights',
    'user_group_grant_exists',
    'user_group_workspace_not_found',
  )
  async createUserGroupGrant(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('user_group_id') groupId: string,
    @Body() body: UserGroupGrantCreate,
  ) {
    const { workspace_id: workspaceId, role_id: roleId, access_expires_at: end } = body;
    return toGrant(
      await this.grants.create(principal, groupId, { workspaceId, roleId, at: requestedEnd(end) }),
    );
  }

  /** For readers of groups of the organization, or of those in the workspace of the path. */
  @Get(':workspace_id')
  @OrgQuery('in-org', UserGroupGrant)
  @Refuses('permission_missing', 'user_group_grant_not_found')
  async getUserGroupGrant(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('user_group_id') groupId: string,
    @PathUuid('workspace_id') workspaceId: string,
  ) {
    return toGrant(await this.grants.get(principal, groupId, workspaceId));
  }

  @Patch(':workspace_id')
  @OrgCommand('organization:user-groups:manage-grants', 'update_user_group_grant', UserGroupGrant)
  @Refuses(
    'change_exceeds_rights',
    'not_a_workspace_role',
    'own_access_end',
    'role_is_restricted',
    'role_not_found',
    'user_group_exceeds_rights',
    'user_group_grant_not_found',
  )
  async updateUserGroupGrant(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('user_group_id') groupId: string,
    @PathUuid('workspace_id') workspaceId: string,
    @Body() { role_id: roleId, access_expires_at: end }: UserGroupGrantUpdate,
  ) {
    return toGrant(
      await this.grants.change(principal, groupId, { workspaceId, roleId, at: requestedEnd(end) }),
    );
  }

  @Delete(':workspace_id')
  @OrgCommand('organization:user-groups:manage-grants', 'delete_user_group_grant', 'nothing')
  @Refuses('change_exceeds_rights', 'user_group_exceeds_rights')
  async deleteUserGroupGrant(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('user_group_id') groupId: string,
    @PathUuid('workspace_id') workspaceId: string,
  ) {
    await this.grants.remove(principal, groupId, workspaceId);
  }
}

const toGrant = (grant: Grant): UserGroupGrant => ({
  workspace_id: grant.workspaceId,
  role_id: grant.roleId,
  role_name: grant.roleName,
  created_at: grant.createdAt.toISOString(),
  updated_at: grant.updatedAt.toISOString(),
  access_expires_at: grant.accessExpiresAt?.toISOString() ?? null,
});
