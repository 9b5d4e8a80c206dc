import { Body, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import { Refuses } from '../../../common/http/operations/operation.decorator.js';
import { CursorList } from '../../../common/lists/cursor-list.js';
import {
  UserGroup,
  UserGroupCreate,
  UserGroupListQuery,
  UserGroupPage,
  UserGroupUpdate,
} from '../../../contract/user-groups.js';
import { WrongKindOfUserGroup } from '../core/errors.js';
import { UserGroupRoutes } from '../core/user-groups.guard.js';
import type { ListedUserGroup, UserGroupChanges } from '../core/user-groups.repository.js';
import { UserGroupsService } from './user-groups.service.js';

/** Groups of the organization; children are read here too (docs/contract/user-groups.md). */
@UserGroupRoutes()
export class UserGroupsController {
  constructor(private readonly groups: UserGroupsService) {}

  @Get()
  @OrgQuery('in-org', UserGroupPage)
  async listUserGroups(@CurrentPrincipal() principal: OrgPrincipal, @Query() query: UserGroupListQuery) {
    const workspaceId = query.workspace_id ?? null;
    const page = new CursorList(query, ['user-groups', principal.orgId, workspaceId]);
    const groups = workspaceId
      ? await this.groups.listOfWorkspace(principal, workspaceId, page)
      : await this.groups.list(principal, page);
    return page.page(groups, ({ name, id }) => ({ key: name, id }), toUserGroup);
  }

  @Post()
  @OrgCommand('organization:user-groups:manage', 'create_user_group', UserGroup, { status: 201 })
  @Refuses('user_group_name_taken', 'wrong_kind_of_user_group')
  async createUserGroup(@CurrentPrincipal() principal: OrgPrincipal, @Body() body: UserGroupCreate) {
    return toUserGroup(await this.groups.create(principal, fromUserGroupCreate(body)));
  }

  @Get(':user_group_id')
  @OrgQuery('in-org', UserGroup)
  @Refuses('permission_missing', 'user_group_not_found')
  async getUserGroup(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('user_group_id') id: string) {
    return toUserGroup(await this.groups.get(principal, id));
  }

  @Patch(':user_group_id')
  @OrgCommand('organization:user-groups:manage', 'update_user_group', UserGroup)
  @Refuses(
    'change_exceeds_rights',
    'idp_group_name_taken',
    'role_is_restricted',
    'user_group_exceeds_rights',
    'user_group_name_taken',
    'user_group_not_found',
    'user_group_sync_needs_name',
    'wrong_kind_of_user_group',
  )
  async updateUserGroup(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('user_group_id') id: string,
    @Body() body: UserGroupUpdate,
  ) {
    return toUserGroup(await this.groups.update(principal, id, fromUserGroupUpdate(body)));
  }

  @Delete(':user_group_id')
  @OrgCommand('organization:user-groups:manage', 'delete_user_group', 'nothing')
  @Refuses('change_exceeds_rights', 'user_group_exceeds_rights', 'wrong_kind_of_user_group')
  async deleteUserGroup(@CurrentPrincipal() principal: OrgPrincipal, @PathUuid('user_group_id') id: string) {
    await this.groups.remove(principal, id);
  }
}

/** Fields without a value are omitted. */
const toUserGroup = (group: ListedUserGroup): UserGroup => ({
  id: group.id,
  organization_id: group.orgId,
  name: group.name,
  description: group.description,
  idp_sync_enabled: group.idpSyncEnabled,
  ...(group.requestable ? { requestable: true } : {}),
  ...(group.idpGroupName === null ? {} : { idp_group_name: group.idpGroupName }),
  ...(group.parentUserGroupId === null ? {} : { parent_user_group_id: group.parentUserGroupId }),
  ...(group.workspaceId === null ? {} : { workspace_id: group.workspaceId }),
  ...(group.roleId && group.roleName !== undefined
    ? { role_id: group.roleId, role_name: group.roleName }
    : {}),
  ...(group.accessExpiresAt ? { access_expires_at: group.accessExpiresAt.toISOString() } : {}),
  created_at: group.createdAt.toISOString(),
  updated_at: group.updatedAt.toISOString(),
});

/** @throws WrongKindOfUserGroup for a workspace group, which only a grant makes */
function fromUserGroupCreate(body: UserGroupCreate): { name: string; description: string } {
  if (body.parent_user_group_id !== undefined || body.workspace_id !== undefined)
    throw new WrongKindOfUserGroup('organization');
  return { name: trimmed(body.name, 'name'), description: body.description ?? '' };
}

/** Absent fields stay; null clears. */
const fromUserGroupUpdate = (body: UserGroupUpdate): UserGroupChanges => ({
  ...(body.name === undefined ? {} : { name: trimmed(body.name, 'name') }),
  ...(body.description === undefined ? {} : { description: body.description ?? '' }),
  ...(body.idp_group_name === undefined ? {} : { idpGroupName: idpGroupName(body.idp_group_name) }),
  ...(body.idp_sync_enabled === undefined ? {} : { idpSyncEnabled: body.idp_sync_enabled }),
  ...(typeof body.requestable === 'boolean' ? { requestable: body.requestable } : {}),
});

const idpGroupName = (name: string | null) => (name === null ? null : trimmed(name, 'idp_group_name'));

function trimmed(name: string, field: string): string {
  const text = name.trim();
  if (text !== '') return text;
  const msg = 'String should not be blank';
  throw new ValidationFailed([{ loc: ['body', field], msg, type: 'string_too_short' }]);
}
