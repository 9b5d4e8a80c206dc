import { Controller, Get, Query } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { page } from '../../common/lists/list.reply.js';
import { Returns } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { MembersQuery } from '../../contract/lists.js';
import { OrgMemberIdentity } from '../../contract/members.js';
import { MemberDirectory } from './member-directory.read-model.js';
import { fromMembersQuery, toOrgMember } from './member.mapper.js';

@ApiTags('orgs')
@Controller('api/v1/orgs/current/members')
export class OrgMembersController {
  constructor(private readonly directory: MemberDirectory) {}

  @Get('active')
  @RequirePermission('organization:read')
  @Returns([OrgMemberIdentity])
  async getCurrentActiveOrgMembers(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() query: MembersQuery,
  ) {
    const { rows, total } = await this.directory.listOrgMembers(principal.orgId, fromMembersQuery(query));
    return page(rows.map(toOrgMember), total);
  }
}
