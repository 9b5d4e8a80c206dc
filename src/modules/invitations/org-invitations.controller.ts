import {
  Body,
  Controller,
  Delete,
  Get,
  Patch,
  Post,
  Query,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { RequirePermission } from '../../common/access/access-rule.decorator.js';
import { CurrentPrincipal } from '../../common/access/current-principal.decorator.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { BodyList } from '../../common/http/body-list.decorator.js';
import { page } from '../../common/http/page.reply.js';
import { PathUuid } from '../../common/http/path-uuid.decorator.js';
import { Returns, ReturnsAnything } from '../../common/http/returns.decorator.js';
import { ApiTags } from '../../common/http/swagger.decorator.js';
import {
  OrgPendingIdentity,
  OrgPendingIdentityPatch,
  PendingIdentity,
  PendingIdentityCreate,
} from '../../contract/invitations.js';
import { PendingQuery } from '../../contract/member-lists.js';
import { Audited } from '../audit/index.js';
import { Idempotent } from '../idempotency/index.js';
import { PasswordChoiceGuard } from '../rbac/index.js';
import { AmendInvitation } from './amend-invitation.js';
import {
  fromInvites,
  fromPendingPatch,
  fromPendingQuery,
  toInviteOutcome,
  toOrgPending,
} from './invitation.mapper.js';
import { InvitationsService } from './invitations.service.js';
import { singleRowLoc, batchRowLoc, ORG_BATCH, SINGLE_INVITE } from './invite-batch.js';
import { InvitePeople } from './invite-people.js';
import { problemsOfInvite } from './invite-problems.js';
import type { InviteRights } from './invite-rights.js';
import { GrantedInviteRights, InviteRightsGuard } from './invite-rights.guard.js';
import { InviteBatchLimitInterceptor } from './invite-batch-limit.interceptor.js';
import { PendingMemberDirectory } from './pending-member-directory.js';
import { ResendInvitation } from './resend-invitation.js';

@ApiTags('orgs')
@Controller('api/v1/orgs/current/members')
export class OrgInvitationsController {
  constructor(
    private readonly invitePeople: InvitePeople,
    private readonly invitations: InvitationsService,
    private readonly amendInvitation: AmendInvitation,
    private readonly resendInvitation: ResendInvitation,
    private readonly pending: PendingMemberDirectory,
  ) {}

  @Get('pending')
  @RequirePermission('organization:read')
  @Returns([OrgPendingIdentity])
  async getCurrentPendingOrgMembers(
    @CurrentPrincipal() { orgId }: OrgPrincipal,
    @Query() query: PendingQuery,
  ) {
    const { rows, total } = await this.pending.list({ orgId }, fromPendingQuery(query));
    return page(rows.map(toOrgPending), total);
  }

  @Post()
  @RequirePermission('organization:manage')
  @UseGuards(PasswordChoiceGuard, InviteRightsGuard)
  @Audited('invite_user_to_org')
  @Idempotent()
  @Returns(PendingIdentity)
  async addMemberToCurrentOrg(
    @CurrentPrincipal() principal: OrgPrincipal,
    @GrantedInviteRights() rights: InviteRights,
    @Body() body: PendingIdentityCreate,
  ) {
    const rows = fromInvites([body], singleRowLoc);
    const [invited] = await this.invitePeople.run(principal, {
      ...SINGLE_INVITE,
      rows,
      rights,
      fromWorkspaceId: null,
    });
    return toInviteOutcome(invited!);
  }

  @Post('batch')
  @RequirePermission('organization:manage')
  @UseGuards(PasswordChoiceGuard, InviteRightsGuard)
  @UseInterceptors(InviteBatchLimitInterceptor)
  @Audited('invite_users_to_org_batch')
  @Idempotent()
  @Returns([PendingIdentity])
  async addMembersToCurrentOrgBatch(
    @CurrentPrincipal() principal: OrgPrincipal,
    @GrantedInviteRights() rights: InviteRights,
    @BodyList(PendingIdentityCreate, { max: 500, validateRow: problemsOfInvite })
    body: PendingIdentityCreate[],
  ) {
    const rows = fromInvites(body, batchRowLoc);
    const invited = await this.invitePeople.run(principal, {
      ...ORG_BATCH,
      rows,
      rights,
      fromWorkspaceId: null,
    });
    return invited.map(toInviteOutcome);
  }

  @Patch(':identity_id/pending')
  @RequirePermission('organization:manage')
  @UseGuards(InviteRightsGuard)
  @Audited('update_org_member')
  @Returns(OrgPendingIdentity)
  async patchCurrentOrgPendingMember(
    @CurrentPrincipal() principal: OrgPrincipal,
    @GrantedInviteRights() rights: InviteRights,
    @PathUuid('identity_id') invitationId: string,
    @Body() body: OrgPendingIdentityPatch,
  ) {
    await this.amendInvitation.run(principal, rights, invitationId, fromPendingPatch(body));
    return toOrgPending(await this.pending.get(invitationId));
  }

  @Post(':identity_id/pending/resend')
  @RequirePermission('organization:manage')
  @UseGuards(InviteRightsGuard)
  @Audited('invite_user_to_org')
  @Returns(OrgPendingIdentity)
  async resendPendingOrgInvite(
    @CurrentPrincipal() principal: OrgPrincipal,
    @GrantedInviteRights() rights: InviteRights,
    @PathUuid('identity_id') invitationId: string,
  ) {
    await this.resendInvitation.run(principal, rights, invitationId);
    return toOrgPending(await this.pending.get(invitationId));
  }

  @Delete(':identity_id/pending')
  @RequirePermission('organization:manage')
  @Audited('delete_org_pending_member')
  @ReturnsAnything()
  async deleteCurrentOrgPendingMember(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('identity_id') invitationId: string,
  ) {
    await this.invitations.revoke(principal, invitationId);
    return null;
  }
}
