import { Controller, Get, Query } from '@nestjs/common';
import { CurrentPrincipal, OrgQuery } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { CursorList, isTimeKey } from '../../../common/lists/cursor-list.js';
import {
  type ScimGroupRecord,
  ScimGroupRecordPage,
  type ScimUserRecord,
  ScimUserRecordPage,
} from '../../../contract/identity-provider/scim.js';
import { LimitedListQuery } from '../../../contract/lists.js';
import { idleCodeOf, idleReasonOf, orgRoleOf } from '../groups/group-names.js';
import { ScimRolesService } from '../roles/scim-roles.service.js';
import { type GroupRecord, ScimRecords, type UserRecord } from './scim-records.read-model.js';

/** Not in the published API; a session or key reads what otherwise only a SCIM token can. */
@ApiTags('SCIM Tokens')
@Controller('api/v1/orgs/current/scim')
export class ScimRecordsController {
  constructor(
    private readonly records: ScimRecords,
    private readonly roles: ScimRolesService,
  ) {}

  @Get('users')
  @OrgQuery('organization:manage', ScimUserRecordPage)
  async listScimUserRecords(@CurrentPrincipal() { orgId }: OrgPrincipal, @Query() query: LimitedListQuery) {
    const page = new CursorList(query, ['scim-user-records', orgId], isTimeKey);
    const rows = await this.records.listUsers(orgId, page);
    const ignoredIn = await this.roles.readIgnored(orgId, rows);
    return page.page(
      rows,
      ({ id, updatedAt }) => ({ id, key: updatedAt.toISOString() }),
      (user) => ({ ...toUserRecord(user), ignored_roles: ignoredIn(user) }),
    );
  }

  @Get('groups')
  @OrgQuery('organization:manage', ScimGroupRecordPage)
  async listScimGroupRecords(@CurrentPrincipal() { orgId }: OrgPrincipal, @Query() query: LimitedListQuery) {
    const page = new CursorList(query, ['scim-group-records', orgId], isTimeKey);
    const rows = await this.records.listGroups(orgId, page);
    return page.page(rows, ({ id, createdAt }) => ({ id, key: createdAt.toISOString() }), toGroupRecord);
  }
}

const toUserRecord = (user: UserRecord): Omit<ScimUserRecord, 'ignored_roles'> => ({
  id: user.id,
  identity_id: user.membershipId,
  user_id: user.userId,
  user_name: user.userName,
  external_id: user.externalId,
  email: user.email,
  full_name: user.fullName,
  active: user.isActive,
  role_name: user.roleName,
  group_count: user.groupCount,
  created_at: user.createdAt.toISOString(),
  updated_at: user.updatedAt.toISOString(),
});

const toGroupRecord = (group: GroupRecord): ScimGroupRecord => ({
  id: group.id,
  display_name: group.displayName,
  external_id: group.externalId,
  member_count: group.memberCount,
  organization_role: orgRoleOf(group),
  workspace_id: group.workspaceId,
  workspace_name: group.workspaceName,
  workspace_role: group.workspaceId && group.roleName,
  reason: idleReasonOf(group),
  reason_code: idleCodeOf(group),
  needs_admin_token: idleCodeOf(group) !== null && !group.makesAdmins,
  is_followed: group.isFollowed,
  created_at: group.createdAt.toISOString(),
  updated_at: group.updatedAt.toISOString(),
});
