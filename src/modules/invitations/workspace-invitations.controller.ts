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
import type { WorkspacePrincipal } from '../../common/access/principal.js';
import { BodyList } from '../../common/http/body-list.decorator.js';
import { page } from '../../common/http/page.reply.js';
import { PathUuid } from '../../common/http/path-uuid.decorator.js';
import { Returns, ReturnsAnything } from '../../common/http/returns.decorator.js';
import { ApiTags } from '../../common/http/swagger.decorator.js';
import { PendingIdentity, PendingIdentityCreate, PendingIdentityPatch } from '../../contract/invitations.js';
import { PendingQuery } from '../../contract/member-lists.js';
import { Audited } from '../audit/index.js';
import { Idempotent } from '../idempotency/index.js';
import { AmendInvitation } from './amend-invitation.js';
import { fromInvites, fromPendingQuery, toInviteOutcome, toWorkspacePending } from './invitation.mapper.js';
import { InvitationsService } from './invitations.service.js';
import { batchRowLoc, WORKSPACE_BATCH } from './invite-batch.js';
import { InvitePeople } from './invite-people.js';
import { problemsOfInvite } from './invite-problems.js';
import type { InviteRights } from './invite-rights.js';
import { GrantedInviteRights, InviteRightsGuard } from './invite-rights.guard.js';
import { InviteBatchLimitInterceptor } from './invite-batch-limit.interceptor.js';
import { PendingMemberDirectory } from './pending-member-directory.js';

@ApiTags('workspaces')
@Controller('api/v1/workspaces/current/members')
export class WorkspaceInvitationsController {
  constructor(
    private readonly invitePeople: InvitePeople,
    private readonly invitations: InvitationsService,
    private readonly amendInvitation: AmendInvitation,
    private readonly pending: PendingMemberDirectory,
  ) {}

  @Get('pending')
  @RequirePermission('workspaces:read')
  @Returns([PendingIdentity])
  async getCurrentPendingWorkspaceMembers(
    @CurrentPrincipal() { workspaceId }: WorkspacePrincipal,
    @Query() query: PendingQuery,
  ) {
    const { rows, total } = await this.pending.list({ workspaceId }, fromPendingQuery(query));
    return page(rows.map(toWorkspacePending(workspaceId)), total);
  }

  /** See docs/contract/invitations.md#workspace-batch. */
  @Post('batch')
  @RequirePermission('workspaces:manage-members', { context: 'both' })
  @UseGuards(InviteRightsGuard)
  @UseInterceptors(InviteBatchLimitInterceptor)
  @Audited('add_members_to_workspace_batch')
  @Idempotent()
  @Returns([PendingIdentity])
  async addMembersToCurrentWorkspaceBatch(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @GrantedInviteRights() rights: InviteRights,
    @BodyList(PendingIdentityCreate, { max: 500, validateRow: problemsOfInvite })
    body: PendingIdentityCreate[],
  ) {
    const { workspaceId: fromWorkspaceId } = principal;
    const rows = fromInvites(body, batchRowLoc, fromWorkspaceId);
    const invited = await this.invitePeople.run(principal, {
      ...WORKSPACE_BATCH,
      rows,
      rights,
      fromWorkspaceId,
    });
    return invited.map(toInviteOutcome);
  }

  @Patch(':identity_id/pending')
  @RequirePermission('workspaces:manage-members')
  @Audited('update_workspace_member')
  @Returns(PendingIdentity)
  async patchCurrentWorkspacePendingMember(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('identity_id') invitationId: string,
    @Body() body: PendingIdentityPatch,
  ) {
    await this.amendInvitation.inWorkspace(principal, invitationId, body.role_id);
    return toWorkspacePending(principal.workspaceId)(await this.pending.get(invitationId));
  }

  @Delete(':identity_id/pending')
  @RequirePermission('workspaces:manage-members')
  @Audited('delete_workspace_pending_member')
  @ReturnsAnything()
  async deleteCurrentWorkspacePendingMember(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @PathUuid('identity_id') invitationId: string,
  ) {
    await this.invitations.revokeInWorkspace(principal, invitationId);
    return null;
  }
}
