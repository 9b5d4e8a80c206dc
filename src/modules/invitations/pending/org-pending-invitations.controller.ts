import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { page } from '../../../common/lists/list.reply.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import { Refuses, Returns, ReturnsAnything } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { OrgPendingIdentity, PendingIdentityPatch } from '../../../contract/invitations.js';
import { PendingQuery } from '../../../contract/lists.js';
import { Audited } from '../../audit/index.js';
import { PendingMemberDirectory } from '../core/pending-member-directory.read-model.js';
import { mailOf, toOrgPending } from '../core/pending-member.mapper.js';
import { GrantedInviteRights, RequireInviteRights } from '../rights/invite-rights.guard.js';
import type { InviteRights } from '../rights/invite-rights.js';
import { AmendInvitation } from './amend-invitation.js';
import { InvitationsService } from './invitations.service.js';
import { fromPendingPatch, fromPendingQuery } from './pending-invitations.mapper.js';
import { ResendInvitation } from './resend-invitation.js';

@ApiTags('orgs')
@Controller('api/v1/orgs/current/members')
export class OrgPendingInvitationsController {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly amendInvitation: AmendInvitation,
    private readonly resendInvitation: ResendInvitation,
    private readonly pending: PendingMemberDirectory,
  ) {}

  @Get('pending')
  @RequirePermission('organization:read')
  @Returns([OrgPendingIdentity])
  async getCurrentPendingOrgMembers(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() query: PendingQuery,
  ) {
    const scope = { orgId: principal.orgId, workspaceId: null };
    const { rows, total } = await this.pending.list(scope, fromPendingQuery(query));
    return page(rows.map(toOrgPending(principal)), total);
  }

  @Patch(':identity_id/pending')
  @RequirePermission('organization:manage')
  @RequireInviteRights('organization')
  @Audited('update_org_pending_member')
  @Returns(OrgPendingIdentity)
  @Refuses(
    'invalid_role_reference',
    'invitation_not_found',
    'invite_targets_not_found',
    'invites_forbidden',
    'operator_cannot_change_invitation',
    'role_not_found',
  )
  async patchCurrentOrgPendingMember(
    @CurrentPrincipal() principal: OrgPrincipal,
    @GrantedInviteRights() rights: InviteRights,
    @PathUuid('identity_id') invitationId: string,
    @Body() body: PendingIdentityPatch,
  ) {
    await this.amendInvitation.run(principal, rights, invitationId, fromPendingPatch(body));
    return toOrgPending(principal)(await this.pending.get(invitationId));
  }

  @Post(':identity_id/pending/resend')
  @RequirePermission('organization:manage')
  @RequireInviteRights('organization')
  @Audited('invite_user_to_org')
  @Returns(OrgPendingIdentity)
  @Refuses(
    'invitation_exceeds_rights',
    'invitation_not_found',
    'invites_disabled',
    'operator_cannot_change_invitation',
    'seat_limit_reached',
  )
  async resendPendingOrgInvite(
    @CurrentPrincipal() principal: OrgPrincipal,
    @GrantedInviteRights() rights: InviteRights,
    @PathUuid('identity_id') invitationId: string,
  ) {
    await this.resendInvitation.run(principal, rights, invitationId);
    const resent = await this.pending.get(invitationId);
    return { ...toOrgPending(principal)(resent), mail: mailOf(resent) };
  }

  @Delete(':identity_id/pending')
  @RequirePermission('organization:manage')
  @Audited('delete_org_pending_member')
  @ReturnsAnything()
  @Refuses('invitation_not_found', 'operator_cannot_change_invitation')
  async deleteCurrentOrgPendingMember(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('identity_id') invitationId: string,
  ) {
    await this.invitations.revoke(principal, invitationId);
    return null;
  }
}
