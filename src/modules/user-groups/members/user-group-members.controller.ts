import { Body, Delete, Get, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import { Refuses } from '../../../common/http/operations/operation.decorator.js';
import { CursorList } from '../../../common/lists/cursor-list.js';
import { CursorListQuery } from '../../../contract/lists.js';
import {
  UserGroupMemberPage,
  UserGroupMemberResults,
  UserGroupMembersAdd,
  type UserGroupMember,
  type UserGroupMemberResult,
} from '../../../contract/user-groups.js';
import { requestedEnd } from '../../members/index.js';
import type { AddedIdentity, ListedMember } from '../core/user-group-members.repository.js';
import { UserGroupRoutes } from '../core/user-groups.guard.js';
import { UserGroupMembersService } from './user-group-members.service.js';

/** Members of user groups and of children (docs/contract/user-groups.md#members). */
@UserGroupRoutes('/:user_group_id')
@Refuses('permission_missing', 'user_group_not_found')
export class UserGroupMembersController {
  constructor(private readonly members: UserGroupMembersService) {}

  @Get('members')
  @OrgQuery('in-org', UserGroupMemberPage)
  async listUserGroupMembers(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('user_group_id') groupId: string,
    @Query() query: CursorListQuery,
  ) {
    const page = new CursorList(query, ['user-group-members', principal.orgId, groupId]);
    return page.page(await this.members.list(principal, groupId, page), toListPosition, toUserGroupMember);
  }

  @Post('members')
  @OrgCommand('in-org', 'add_user_group_members', UserGroupMemberResults, { status: 207 })
  @Refuses(
    'access_end_managed_by_provider',
    'change_exceeds_rights',
    'own_access_end',
    'role_is_restricted',
    'user_group_exceeds_rights',
  )
  async addUserGroupMembers(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('user_group_id') groupId: string,
    @Body() { identity_ids: identityIds, access_expires_at: end }: UserGroupMembersAdd,
  ) {
    const results = await this.members.add(principal, groupId, identityIds, requestedEnd(end) ?? null);
    return { items: results.map((result) => toMemberResult(result, end)) };
  }

  @Delete('members/:identity_id')
  @OrgCommand('in-org', 'remove_user_group_member', 'nothing')
  @Refuses('change_exceeds_rights', 'synchronized_member', 'user_group_exceeds_rights')
  async removeUserGroupMember(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('user_group_id') groupId: string,
    @PathUuid('identity_id') identityId: string,
  ) {
    await this.members.remove(principal, groupId, identityId);
  }

  @Get('workspace-members')
  @OrgQuery('in-org', UserGroupMemberPage)
  @Refuses('wrong_kind_of_user_group')
  async listUserGroupWorkspaceMembers(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('user_group_id') groupId: string,
    @Query() query: CursorListQuery,
  ) {
    const page = new CursorList(query, ['user-group-workspace-members', principal.orgId, groupId]);
    const members = await this.members.listInWorkspace(principal, groupId, page);
    return page.page(members, toListPosition, toUserGroupMember);
  }
}

const toUserGroupMember = (member: ListedMember): UserGroupMember => ({
  identity_id: member.identityId,
  ...(member.orgIdentityId === undefined ? {} : { org_identity_id: member.orgIdentityId }),
  ls_user_id: member.userId,
  user_id: member.userId,
  email: member.email,
  full_name: member.fullName,
  avatar_url: member.avatarUrl,
  is_disabled: member.isDisabled,
  added_at: member.addedAt.toISOString(),
  access_expires_at: member.accessExpiresAt?.toISOString() ?? null,
});

/** Lists are in the order of the ids of users and service accounts. */
const toListPosition = ({ memberId }: ListedMember) => ({ id: memberId });

/** `requested`: the end in the request; without one, results are as published. */
const toMemberResult = (
  { identityId, status, isInOrg, accessExpiresAt }: AddedIdentity,
  requested: string | null | undefined,
): UserGroupMemberResult => ({
  identity_id: identityId,
  status,
  ...(requested === undefined || status === 'FAILED'
    ? {}
    : {
        access_expires_at: accessExpiresAt?.toISOString() ?? null,
        access_expires_at_applied: status === 'CREATED' && (requested === null || accessExpiresAt !== null),
      }),
  ...(status === 'FAILED' ? { detail: isInOrg ? NOT_IN_WORKSPACE : NOT_IN_ORG } : {}),
});

const NOT_IN_ORG = 'The organization has no such identity.';
const NOT_IN_WORKSPACE = 'This identity is not in the workspace of the group.';
