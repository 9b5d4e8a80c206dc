import { Controller, Post, UseInterceptors } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../../common/access/access.decorator.js';
import type { WorkspacePrincipal } from '../../../common/access/principal.js';
import { BodyList, type BodyRows } from '../../../common/http/operations/body-list.decorator.js';
import { Refuses, Returns } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { PendingIdentityCreate, WorkspaceInviteResult } from '../../../contract/invitations.js';
import { Audited } from '../../audit/index.js';
import { Idempotent } from '../../idempotency/index.js';
import { GrantedInviteRights, RequireInviteRights } from '../rights/invite-rights.guard.js';
import type { InviteRights } from '../rights/invite-rights.js';
import { InviteBatchLimitInterceptor } from '../rights/invite-batch-limit.interceptor.js';
import { InvitePeople } from './invite-people.js';
import { WORKSPACE_BATCH } from './invite-batch.js';
import { fromInvites, problemsOfInvite, toWorkspaceInviteResult } from './invites.mapper.js';

@ApiTags('workspaces')
@Controller('api/v1/workspaces/current/members')
export class WorkspaceInvitesController {
  constructor(private readonly invitePeople: InvitePeople) {}

  /** See docs/contract/invitations.md#workspace-batch. */
  @Post('batch')
  @RequirePermission('workspaces:manage-members', { context: 'both' })
  @RequireInviteRights('workspace')
  @UseInterceptors(InviteBatchLimitInterceptor)
  @Audited('add_members_to_workspace_batch')
  @Idempotent()
  @Returns([WorkspaceInviteResult])
  @Refuses('invite_targets_not_found', 'invites_forbidden', 'seat_limit_reached')
  async addMembersToCurrentWorkspaceBatch(
    @CurrentPrincipal() principal: WorkspacePrincipal,
    @GrantedInviteRights() rights: InviteRights,
    @BodyList(PendingIdentityCreate, { max: 500, validateRow: problemsOfInvite })
    body: BodyRows<PendingIdentityCreate>,
  ) {
    const { workspaceId: fromWorkspaceId } = principal;
    const invited = await this.invitePeople.run(principal, {
      ...WORKSPACE_BATCH,
      ...fromInvites(body, { targetId: fromWorkspaceId }),
      rights,
      fromWorkspaceId,
    });
    return invited.map(toWorkspaceInviteResult(principal));
  }
}
