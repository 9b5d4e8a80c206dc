import { Body, Controller, Delete, Get, Patch, Post, Query, UseInterceptors } from '@nestjs/common';
import { CurrentPrincipal, WorkspaceCommand, WorkspaceQuery } from '../../common/access/access.decorator.js';
import type { WorkspacePrincipal } from '../../common/access/principal.js';
import { BodyList, type BodyRows } from '../../common/http/operations/body.decorator.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { PathUuid } from '../../common/http/operations/uuid.pipe.js';
import { page } from '../../common/lists/list.reply.js';
import {
  PendingIdentity,
  PendingIdentityCreate,
  PendingIdentityPatch,
  WorkspaceInviteResult,
} from '../../contract/invitations.js';
import { PendingQuery } from '../../contract/lists.js';
import { Idempotent } from '../idempotency/index.js';
import { InvitePeople } from './batch/invite-people.js';
import { fromInvites, problemsOfInvite, toWorkspaceInviteResult } from './batch/invites.mapper.js';
import { PendingMemberDirectory } from './core/pending-member-directory.read-model.js';
import {
  fromPendingPatch,
  fromPendingQuery,
  mailOf,
  toWorkspacePending,
} from './core/pending-member.mapper.js';
import { AmendWorkspacePart } from './amend-workspace-part.js';
import { InvitationsService } from './invitations.service.js';
import { ResendInvitation } from './resend-invitation.js';
import { InviteBatchLimitInterceptor } from './rights/invite-batch-limit.interceptor.js';
import { GrantedInviteRights, RequireInviteRights } from './rights/invite-rights.guard.js';
import type { InviteRights } from './rights/invite-rights.js';

@ApiTags('workspaces')
@Controller('api/v1/workspaces/current/members')
export class WorkspaceInvitationsController {
  constructor(
    private readonly invitePeople: InvitePeople,
    private readonly invitations: InvitationsService,
    private readonly amendPart: AmendWorkspacePart,
    private readonly resendInvitation: ResendInvitation,
    private readonly pending: PendingMemberDirectory,
  ) {}

  /** See docs/contract/invitations.md#workspace-batch. */
  @Post('batch')
  @WorkspaceCommand('workspaces:manage-members', 'add_members_to_workspace_batch', [WorkspaceInviteResult], {
    context: 'both',
  })
  @RequireInviteRights('workspace')
  @UseInterceptors(InviteBatchLimitInterceptor)
  @Idempotent()
  @Refuses('invite_targets_not_found', 'invites_forbidden', 'seat_limit_reached')
  async addMembersToCurrentWorkspaceBatch(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @GrantedInviteRights() rights: InviteRights,
    @BodyList(PendingIdentityCreate, { max: 500, validateRow: problemsOfInvite })
    body: BodyRows<PendingIdentityCreate>,
  ) {
    const { workspaceId: fromWorkspaceId } = principal;
    const invited = await this.invitePeople.run(principal, {
      ...fromInvites(body, { targetId: fromWorkspaceId }),
      operation: 'add_members_to_workspace_batch',
      onlyNewUsers: false,
      rights,
      fromWorkspaceId,
    });
    return invited.map(toWorkspaceInviteResult(principal));
  }

  @Get('pending')
  @WorkspaceQuery('workspaces:read', [PendingIdentity])
  async getCurrentPendingWorkspaceMembers(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @Query() query: PendingQuery,
  ) {
    const { rows, total } = await this.pending.list(principal, fromPendingQuery(query));
    return page(rows.map(toWorkspacePending(principal, principal.workspaceId)), total);
  }

  @Patch(':identity_id/pending')
  @WorkspaceCommand('workspaces:manage-members', 'update_workspace_pending_member', PendingIdentity)
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
    await this.amendPart.run(principal, invitationId, fromPendingPatch(body));
    return toWorkspacePending(principal, principal.workspaceId)(await this.pending.get(invitationId));
  }

  /** Not among the published operations (docs/contract/invitations.md#resending-by-workspace-admins). */
  @Post(':identity_id/pending/resend')
  @WorkspaceCommand('workspaces:manage-members', 'add_members_to_workspace_batch', PendingIdentity)
  @RequireInviteRights('workspace')
  @UseInterceptors(InviteBatchLimitInterceptor)
  @Refuses(
    'invitation_not_found',
    'operator_cannot_change_invitation',
    'new_people_not_allowed',
    'invites_disabled',
    'invitation_exceeds_rights',
    'invited_access_ended',
    'seat_limit_reached',
  )
  async resendPendingWorkspaceInvite(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @GrantedInviteRights() rights: InviteRights,
    @PathUuid('identity_id') invitationId: string,
  ) {
    await this.resendInvitation.run(principal, rights, invitationId, principal.workspaceId);
    const resent = await this.pending.get(invitationId);
    return { ...toWorkspacePending(principal, principal.workspaceId)(resent), mail: mailOf(resent) };
  }

  @Delete(':identity_id/pending')
  @WorkspaceCommand('workspaces:manage-members', 'delete_workspace_pending_member', 'anything')
  @Refuses('invitation_not_found', 'only_admins_manage_admins', 'role_not_grantable')
  async deleteCurrentWorkspacePendingMember(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('identity_id') invitationId: string,
  ) {
    await this.invitations.revokeInWorkspace(principal, invitationId);
    return null;
  }
}
