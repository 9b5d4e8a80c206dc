import { Controller, Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RequirePermission } from '../../../common/access/access-rule.decorator.js';
import { CurrentPrincipal } from '../../../common/access/current-principal.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { page } from '../../../common/http/page.reply.js';
import { PlatformErrors } from '../../../common/http/returns.decorator.js';
import { ApiResponse, ApiTags } from '../../../common/http/swagger.decorator.js';
import { EnrichedMembersQuery, OrgMemberEnriched } from '../../../contract/directory.js';
import { fromEnrichedMembersQuery, toOrgMemberEnriched } from './enriched-member.mapper.js';
import { EnrichedMembers, canSeeAllWorkspaces } from './enriched-members.read-model.js';

const TEXT = { schema: { type: 'string' } } as const;

@ApiTags('orgs')
@Controller('v1/platform/orgs/current/members')
export class EnrichedMembersController {
  constructor(private readonly members: EnrichedMembers) {}

  @Get()
  @RequirePermission('organization:read')
  @ApiResponse({
    status: 200,
    description: 'Success',
    type: [OrgMemberEnriched],
    headers: { 'X-Pagination-Total': TEXT, 'X-Members-List-All-Workspaces': TEXT },
  })
  @PlatformErrors(400, 401, 500)
  async listEnrichedMembers(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() query: EnrichedMembersQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    void reply.header('X-Members-List-All-Workspaces', String(canSeeAllWorkspaces(principal)));
    const { rows, total } = await this.members.list(principal, fromEnrichedMembersQuery(query));
    return page(rows.map(toOrgMemberEnriched), total);
  }
}
