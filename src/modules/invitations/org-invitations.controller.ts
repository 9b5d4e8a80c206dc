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
import { RequirePermission } from '../../common/access/access-rule.js';
import { CurrentPrincipal } from '../../common/access/current-principal.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { BodyList } from '../../common/http/body-list.js';
import { page } from '../../common/http/page.js';
import { PathUuid } from '../../common/http/path-uuid.js';
import { Returns, ReturnsAnything } from '../../common/http/returns.js';
import { ApiTags } from '../../common/http/swagger.js';
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
  toInvited,
  toOrgPending,
} from './invitation.mapper.js';
import { InvitationsService } from './invitations.service.js';
import { alone, inBatch, ORG_BATCH, SINGLE_INVITE } from './invite-batch.js';
import { InvitePeople } from './invite-people.js';
import { problemsOfInvite } from './invite-problems.js';
import type { InviteRights } from './invite-rights.js';
import { GrantedInviteRights, InviteRightsGuard } from './invite-rights.guard.js';
import { LimitInviteBatches } from './limit-invite-batches.js';
import { PendingDirectory } from './pending-directory.js';
import { ResendInvitation } from './resend-invitation.js';

@ApiTags('orgs')
@Controller('api/v1/orgs/current/members')
export class OrgInvitationsController {
  constructor(
    private readonly invitePeople: InvitePeople,
    private readonly invitations: InvitationsService,
    private readonly amendInvitation: AmendInvitation,
    private readonly resendInvitation: ResendInvitation,
    private readonly pending: PendingDirectory,
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
    const rows = fromInvites([body], alone);
    const [invited] = await this.invitePeople.run(principal, {
      ...SINGLE_INVITE,
      rows,
      rights,
      fromWorkspaceId: null,
    });
    return toInvited(invited!);
  }

  @Post('batch')
  @RequirePermission('organization:manage')
  @UseGuards(PasswordChoiceGuard, InviteRightsGuard)
  @UseInterceptors(LimitInviteBatches)
  @Audited('invite_users_to_org_batch')
  @Idempotent()
  @Returns([PendingIdentity])
  async addMembersToCurrentOrgBatch(
    @CurrentPrincipal() principal: OrgPrincipal,
    @GrantedInviteRights() rights: InviteRights,
    @BodyList(PendingIdentityCreate, { max: 500, alsoWrong: problemsOfInvite }) body: PendingIdentityCreate[],
  ) {
    const rows = fromInvites(body, inBatch);
    const invited = await this.invitePeople.run(principal, {
      ...ORG_BATCH,
      rows,
      rights,
      fromWorkspaceId: null,
    });
    return invited.map(toInvited);
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
