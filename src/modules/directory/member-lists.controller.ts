import { Controller, type ExecutionContext, Get, Query, UseGuards } from '@nestjs/common';
import { CurrentPrincipal, OrgQuery, WorkspaceQuery } from '../../common/access/access.decorator.js';
import { principalOf } from '../../common/access/access.guard.js';
import { PermissionMissing } from '../../common/access/access.errors.js';
import type { OrgPrincipal, WorkspacePrincipal } from '../../common/access/principal.js';
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

const RIGHTS = {
  sources: 'organization:manage',
  not_active_since: 'organization:manage',
  never_active: 'organization:manage',
  user_group_ids: 'organization:user-groups:read',
} as const;

/** A filter needs the right to read what it filters by. Before validation; throws `PermissionMissing`. */
const FiltersNeedRights = () =>
  UseGuards({
    canActivate(context: ExecutionContext): boolean {
      const { query } = context.switchToHttp().getRequest<{ query: object }>();
      const needed = Object.entries(RIGHTS).filter(([parameter]) => parameter in query);
      const [, missing] = needed.find(([, right]) => !principalOf(context)?.can(right)) ?? [];
      if (missing) throw new PermissionMissing(missing);
      return true;
    },
  });

/** Active members in pages, filtered by what is known of them in other modules, too. */
@Controller('api/v1')
export class MemberListsController {
  constructor(private readonly directory: MemberDirectory) {}

  @Get('orgs/current/members/active')
  @ApiTags('orgs')
  @OrgQuery('organization:read', [OrgMemberIdentity])
  @FiltersNeedRights()
  async getCurrentActiveOrgMembers(
    @CurrentPrincipal() { orgId }: OrgPrincipal,
    @Query() query: MembersQuery,
  ) {
    const { rows, total } = await this.directory.listOrgMembers(orgId, filterOf(query));
    return page(rows.map(toOrgMember), total);
  }

  @Get('workspaces/current/members/active')
  @ApiTags('workspaces')
  @WorkspaceQuery('workspaces:read', [MemberIdentity])
  @FiltersNeedRights()
  async getCurrentActiveWorkspaceMembers(
    @CurrentPrincipal() { orgId, workspaceId }: WorkspacePrincipal,
    @Query() query: MembersQuery,
  ) {
    const asked = filterOf(query);
    const { rows, total } = await this.directory.listWorkspaceMembers(orgId, workspaceId, asked);
    return page(rows.map(toWorkspaceMember), total);
  }
}

const filterOf = (query: MembersQuery) => {
  const { user_group_ids: ids } = query;
  return fromMembersQuery(query, ids.length > 0 ? { ids, query: USERS_OF_GROUPS } : null);
};

const USERS_OF_GROUPS: UsersWith['query'] = (org, ids) =>
  `select user_id from current_user_group_members where org_id = ${org} and user_group_id = any(${ids})`;
