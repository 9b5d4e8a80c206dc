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
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../common/access/access.decorator.js';
import { MakesCredential } from '../../common/access/makes-credential.decorator.js';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { BodyList, type BodyRows } from '../../common/http/operations/body.decorator.js';
import { Refuses } from '../../common/http/operations/operation.decorator.js';
import { ApiExtraModels, ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { PathUuid } from '../../common/http/operations/uuid.pipe.js';
import { page } from '../../common/lists/list.reply.js';
import { RevokeCreatedQuery } from '../../contract/api-keys.js';
import {
  OrgPendingIdentity,
  PendingIdentity,
  PendingIdentityCreate,
  PendingIdentityPatch,
} from '../../contract/invitations.js';
import { OrgPendingQuery } from '../../contract/lists.js';
import { RemovedOrgMember } from '../../contract/members.js';
import { Idempotent } from '../idempotency/index.js';
import { revokesCreated, toCreatedByMember } from '../members/index.js';
import { OrgAdminsOnly, PasswordChoiceGuard } from '../roles/index.js';
import { InvitePeople } from './batch/invite-people.js';
import { fromInvites, problemsOfInvite, toInviteOutcome } from './batch/invites.mapper.js';
import { PendingMemberDirectory } from './core/pending-member-directory.read-model.js';
import { fromPendingPatch, fromPendingQuery, mailOf, toOrgPending } from './core/pending-member.mapper.js';
import { OnlyAdminsSeeWhoWaits } from './core/invitations.errors.js';
import { singleRowLoc } from './core/row-location.js';
import { InvitationsService } from './invitations.service.js';
import { RemoveMemberOrInvitation } from './remove-member-or-invitation.js';
import { ResendInvitation } from './resend-invitation.js';
import { InviteBatchLimitInterceptor } from './rights/invite-batch-limit.interceptor.js';
import { GrantedInviteRights, RequireInviteRights } from './rights/invite-rights.guard.js';
import type { InviteRights } from './rights/invite-rights.js';

const INVITES = [
  'invite_targets_not_found',
  'invites_forbidden',
  'only_admins_choose_passwords',
  'password_needs_session',
  'seat_limit_reached',
];

@ApiTags('orgs')
@Controller('api/v1/orgs/current/members')
export class OrgInvitationsController {
  constructor(
    private readonly invitePeople: InvitePeople,
    private readonly invitations: InvitationsService,
    private readonly resendInvitation: ResendInvitation,
    private readonly removal: RemoveMemberOrInvitation,
    private readonly pending: PendingMemberDirectory,
  ) {}

  @Post()
  @OrgCommand('organization:manage', 'invite_user_to_org', PendingIdentity)
  @RequireInviteRights('organization')
  @MakesCredential('settings/members', 'password')
  @UseGuards(PasswordChoiceGuard)
  @Idempotent()
  @Refuses(...INVITES, 'already_invited_or_member', 'password_hashing_busy', 'password_hashing_overloaded')
  async addMemberToCurrentOrg(
    @CurrentPrincipal() principal: OrgPrincipal,
    @GrantedInviteRights() rights: InviteRights,
    @Body() body: PendingIdentityCreate,
  ) {
    const bodyRows = { rows: [{ index: 0, row: body }], problems: [] };
    const invited = await this.invitePeople.runOne(principal, {
      ...fromInvites(bodyRows, { locate: singleRowLoc }),
      operation: 'invite_user_to_org',
      onlyNewUsers: true,
      rights,
      fromWorkspaceId: null,
    });
    return toInviteOutcome(principal)(invited);
  }

  @Post('batch')
  @OrgCommand('organization:manage', 'invite_users_to_org_batch', [PendingIdentity])
  @RequireInviteRights('organization')
  @MakesCredential('settings/members', 'password')
  @UseGuards(PasswordChoiceGuard)
  @UseInterceptors(InviteBatchLimitInterceptor)
  @Idempotent()
  @Refuses(...INVITES)
  async addMembersToCurrentOrgBatch(
    @CurrentPrincipal() principal: OrgPrincipal,
    @GrantedInviteRights() rights: InviteRights,
    @BodyList(PendingIdentityCreate, { max: 500, validateRow: problemsOfInvite })
    body: BodyRows<PendingIdentityCreate>,
  ) {
    const invited = await this.invitePeople.run(principal, {
      ...fromInvites(body),
      operation: 'invite_users_to_org_batch',
      onlyNewUsers: false,
      rights,
      fromWorkspaceId: null,
    });
    return invited.map(toInviteOutcome(principal));
  }

  @Get('pending')
  @OrgQuery('organization:read', [OrgPendingIdentity])
  @OrgAdminsOnly(OnlyAdminsSeeWhoWaits, 'waiting_for_link')
  @OrgAdminsOnly(OnlyAdminsSeeWhoWaits, 'mail_refused')
  async getCurrentPendingOrgMembers(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Query() query: OrgPendingQuery,
  ) {
    const scope = { orgId: principal.orgId, workspaceId: null };
    const { rows, total } = await this.pending.list(scope, fromPendingQuery(query));
    return page(rows.map(toOrgPending(principal)), total);
  }

  @Patch(':identity_id/pending')
  @OrgCommand('organization:manage', 'update_org_pending_member', OrgPendingIdentity)
  @RequireInviteRights('organization')
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
    await this.invitations.amend(principal, rights, invitationId, fromPendingPatch(body));
    return toOrgPending(principal)(await this.pending.get(invitationId));
  }

  @Post(':identity_id/pending/resend')
  @OrgCommand('organization:manage', 'invite_user_to_org', OrgPendingIdentity)
  @RequireInviteRights('organization')
  @Refuses(
    'invitation_exceeds_rights',
    'invited_access_ended',
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
    await this.resendInvitation.run(principal, rights, invitationId, null);
    const resent = await this.pending.get(invitationId);
    return { ...toOrgPending(principal)(resent), mail: mailOf(resent) };
  }

  @Delete(':identity_id/pending')
  @OrgCommand('organization:manage', 'delete_org_pending_member', 'anything')
  @Refuses('invitation_not_found', 'operator_cannot_change_invitation')
  async deleteCurrentOrgPendingMember(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('identity_id') invitationId: string,
  ) {
    await this.invitations.revoke(principal, invitationId);
    return null;
  }

  @Delete(':identity_id')
  @OrgCommand('organization:manage', 'delete_org_member', 'anything')
  @ApiExtraModels(RemovedOrgMember)
  @Refuses(
    'invitation_not_found',
    'last_admin_required',
    'member_not_found',
    'only_admins_manage_org_wide_keys',
    'only_admins_manage_log_streams',
    'only_admins_manage_scim_tokens',
    'only_admins_manage_webhooks',
    'operator_cannot_change_invitation',
    'operator_cannot_change_role',
    'permission_missing',
    'role_not_grantable',
  )
  async removeMemberFromCurrentOrg(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('identity_id') memberOrInvitationId: string,
    @Query() query: RevokeCreatedQuery,
  ) {
    const options = { revokeCreated: revokesCreated(query) };
    return toCreatedByMember(await this.removal.remove(principal, memberOrInvitationId, options));
  }
}
