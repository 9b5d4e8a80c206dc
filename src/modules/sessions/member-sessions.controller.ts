import { Controller, Delete, Get } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { PathUuid } from '../../common/http/operations/uuid.pipe.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { MemberSessions } from '../../contract/sign-in.js';
import { adminsOnly } from '../roles/index.js';
import { OnlyAdminsManageSessions } from './errors.js';
import { MemberSessionsService } from './member-sessions.service.js';

/** Not in the published API. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current/members/:identity_id/sessions')
@Refuses('member_not_found')
export class MemberSessionsController {
  constructor(private readonly sessions: MemberSessionsService) {}

  @Get()
  @OrgQuery(adminsOnly(OnlyAdminsManageSessions), MemberSessions)
  async countMemberSessions(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('identity_id') membershipId: string,
  ): Promise<MemberSessions> {
    const { count, lastUsedAt } = await this.sessions.count(principal.orgId, membershipId);
    return { count, last_used_at: lastUsedAt?.toISOString() ?? null };
  }

  /** Needs a session: a leaked key must not sign out the admins who would revoke it. */
  @Delete()
  @OrgCommand(adminsOnly(OnlyAdminsManageSessions), 'delete_org_member_sessions', 'nothing', {
    sessionOnly: true,
  })
  @Refuses('sessions_are_shared')
  async endMemberSessions(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('identity_id') membershipId: string,
  ): Promise<void> {
    await this.sessions.endAll(principal, membershipId);
  }
}
