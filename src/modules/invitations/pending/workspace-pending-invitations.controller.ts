import { Body, Controller, Delete, Get, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../../common/access/access.decorator.js';
import type { WorkspacePrincipal } from '../../../common/access/principal.js';
import { page } from '../../../common/lists/list.reply.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import { Refuses, Returns, ReturnsAnything } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { PendingIdentity, PendingIdentityPatch } from '../../../contract/invitations.js';
import { PendingQuery } from '../../../contract/lists.js';
import { Audited } from '../../audit/index.js';
import { InviteBatchLimitInterceptor } from '../rights/invite-batch-limit.interceptor.js';
import { PendingMemberDirectory } from '../core/pending-member-directory.read-model.js';
import { mailOf, toWorkspacePending } from '../core/pending-member.mapper.js';
import { GrantedInviteRights, RequireInviteRights } from '../rights/invite-rights.guard.js';
import type { InviteRights } from '../rights/invite-rights.js';
import { AmendInvitation } from './amend-invitation.js';
import { InvitationsService } from './invitations.service.js';
import { fromPendingPatch, fromPendingQuery } from './pending-invitations.mapper.js';
import { ResendInvitation } from './resend-invitation.js';

@ApiTags('workspaces')
@Controller('api/v1/workspaces/current/members')
export class WorkspacePendingInvitationsController {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly amendInvitation: AmendInvitation,
    private readonly resendInvitation: ResendInvitation,
    private readonly pending: PendingMemberDirectory,
  ) {}

  @Get('pending')
  @RequirePermission('workspaces:read')
  @Returns([PendingIdentity])
  async getCurrentPendingWorkspaceMembers(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @Query() query: PendingQuery,
  ) {
    const { rows, total } = await this.pending.list(principal, fromPendingQuery(query));
    return page(rows.map(toWorkspacePending(principal, principal.workspaceId)), total);
  }

  @Patch(':identity_id/pending')
  @RequirePermission('workspaces:manage-members')
  @Audited('update_workspace_pending_member')
  @Returns(PendingIdentity)
  @Refuses(
    'change_exceeds_rights',
    'invalid_role_reference',
    'invitation_not_found',
    'only_admins_manage_admins',
    'role_is_restricted',
    'role_not_found',
    'role_not_grantable',
  )
  async patchCurrentWorkspacePendingMember(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('identity_id') invitationId: string,
    @Body() body: PendingIdentityPatch,
  ) {
    await this.amendInvitation.inWorkspace(principal, invitationId, fromPendingPatch(body));
    return toWorkspacePending(principal, principal.workspaceId)(await this.pending.get(invitationId));
  }

  /** Not among the published operations (docs/contract/invitations.md#resending-by-workspace-admins). */
  @Post(':identity_id/pending/resend')
  @RequirePermission('workspaces:manage-members')
  @RequireInviteRights('workspace')
  @UseInterceptors(InviteBatchLimitInterceptor)
  @Audited('add_members_to_workspace_batch')
  @Refuses(
    'invitation_not_found',
    'operator_cannot_change_invitation',
    'new_people_not_allowed',
    'invites_disabled',
    'invitation_exceeds_rights',
    'seat_limit_reached',
  )
  @Returns(PendingIdentity)
  async resendPendingWorkspaceInvite(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @GrantedInviteRights() rights: InviteRights,
    @PathUuid('identity_id') invitationId: string,
  ) {
    await this.resendInvitation.inWorkspace(principal, rights, invitationId);
    const resent = await this.pending.get(invitationId);
    return { ...toWorkspacePending(principal, principal.workspaceId)(resent), mail: mailOf(resent) };
  }

  @Delete(':identity_id/pending')
  @RequirePermission('workspaces:manage-members')
  @Audited('delete_workspace_pending_member')
  @ReturnsAnything()
  @Refuses('invitation_not_found', 'only_admins_manage_admins', 'role_not_grantable')
  async deleteCurrentWorkspacePendingMember(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('identity_id') invitationId: string,
  ) {
    await this.invitations.revokeInWorkspace(principal, invitationId);
    return null;
  }
}
