import { Controller, Get, Query } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../common/access/access.decorator.js';
import { PermissionMissing } from '../../common/access/access.errors.js';
import type { OrgPrincipal, WorkspacePrincipal } from '../../common/access/principal.js';
import { Returns } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { page } from '../../common/lists/list.reply.js';
import { MembersQuery } from '../../contract/lists.js';
import { MemberIdentity, OrgMemberIdentity } from '../../contract/members.js';
import {
  fromMembersQuery,
  MemberDirectory,
  toOrgMember,
  toWorkspaceMember,
  type UsersWith,
} from '../members/index.js';

/** Active members in pages, filtered by what is known of them in other modules, too. */
@Controller('api/v1')
export class MemberListsController {
  constructor(private readonly directory: MemberDirectory) {}

  @Get('orgs/current/members/active')
  @ApiTags('orgs')
  @RequirePermission('organization:read')
  @Returns([OrgMemberIdentity])
  async getCurrentActiveOrgMembers(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() query: MembersQuery,
  ) {
    const asked = filterOf(principal, query);
    const { rows, total } = await this.directory.listOrgMembers(principal.orgId, asked);
    return page(rows.map(toOrgMember), total);
  }

  @Get('workspaces/current/members/active')
  @ApiTags('workspaces')
  @RequirePermission('workspaces:read')
  @Returns([MemberIdentity])
  async getCurrentActiveWorkspaceMembers(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @Query() query: MembersQuery,
  ) {
    const { orgId, workspaceId } = principal;
    const asked = filterOf(principal, query);
    const { rows, total } = await this.directory.listWorkspaceMembers(orgId, workspaceId, asked);
    return page(rows.map(toWorkspaceMember), total);
  }
}

/** A filter reveals what it filters by, so it needs the right to read that. @throws PermissionMissing */
function filterOf(principal: OrgPrincipal, query: MembersQuery) {
  const { sources, not_active_since: since, never_active: isNeverActive, user_group_ids: groups } = query;
  const needed = [
    ...(sources.length > 0 || since !== undefined || isNeverActive !== undefined
      ? (['organization:manage'] as const)
      : []),
    ...(groups.length > 0 ? (['organization:user-groups:read'] as const) : []),
  ];
  const missing = needed.find((permission) => !principal.can(permission));
  if (missing) throw new PermissionMissing(missing);
  return fromMembersQuery(query, groups.length > 0 ? { ids: groups, query: USERS_OF_GROUPS } : null);
}

const USERS_OF_GROUPS: UsersWith['query'] = (org, ids) =>
  `select user_id from user_group_members where org_id = ${org} and user_group_id = any(${ids})`;
