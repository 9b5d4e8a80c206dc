import { Controller, Delete, Get, Post } from '@nestjs/common';
import { CurrentPrincipal, OwnCommand, OwnQuery } from '../../../common/access/access.decorator.js';
import type { UserPrincipal } from '../../../common/access/principal.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import { Deprecated, Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { Identity } from '../../../contract/members.js';
import { OrganizationPGSchemaSlim } from '../../../contract/organizations.js';
import { Tenant } from '../../../contract/workspaces.js';
import { MemberDirectory, toIdentity } from '../../members/index.js';
import { toOrganizationSlim } from '../../orgs/index.js';
import { toTenant } from '../../workspaces/index.js';
import { OwnInvitationsService } from './own-invitations.service.js';
import { UserInvitations } from './user-invitations.js';

const REFUSALS = ['email_not_confirmed', 'invitation_not_found', 'password_of_unknown_origin'];

@Controller('api/v1')
export class OwnInvitationsController {
  constructor(
    private readonly own: OwnInvitationsService,
    private readonly userInvitations: UserInvitations,
    private readonly members: MemberDirectory,
  ) {}

  @Get('orgs/pending')
  @ApiTags('orgs')
  @OwnQuery([OrganizationPGSchemaSlim])
  async listPendingOrganizationInvites(@CurrentPrincipal() principal: UserPrincipal) {
    return (await this.userInvitations.listOrgs(principal)).map(toOrganizationSlim);
  }

  @Post('orgs/pending/:organization_id/claim')
  @ApiTags('orgs')
  @OwnCommand('claim_pending_organization_invite', Identity, { actsInNoOrg: true })
  @Refuses(...REFUSALS, 'invitation_expired', 'invites_disabled')
  async claimPendingOrganizationInvite(
    @CurrentPrincipal() principal: UserPrincipal,
    @PathUuid('organization_id') orgId: string,
  ) {
    const { id } = await this.own.acceptOrg(principal, orgId);
    return toIdentity(await this.members.getOrgMember(orgId, id));
  }

  @Delete('orgs/pending/:organization_id')
  @ApiTags('orgs')
  @OwnCommand('delete_pending_organization_invite', 'anything', { actsInNoOrg: true })
  @Refuses(...REFUSALS)
  async deletePendingOrganizationInvite(
    @CurrentPrincipal() principal: UserPrincipal,
    @PathUuid('organization_id') orgId: string,
  ) {
    await this.own.declineOrg(principal, orgId);
    return null;
  }

  @Get('workspaces/pending')
  @ApiTags('workspaces')
  @OwnQuery([Tenant])
  async listPendingWorkspaceInvites(@CurrentPrincipal() principal: UserPrincipal) {
    return (await this.userInvitations.listWorkspaces(principal)).map(toTenant);
  }

  @Post('workspaces/pending/:workspace_id/claim')
  @ApiTags('workspaces')
  @OwnCommand('claim_pending_workspace_invite', 'anything', { actsInNoOrg: true })
  @Deprecated()
  @Refuses(...REFUSALS, 'invitation_expired', 'invites_disabled')
  async claimPendingWorkspaceInvite(
    @CurrentPrincipal() principal: UserPrincipal,
    @PathUuid('workspace_id') workspaceId: string,
  ) {
    await this.own.acceptWorkspace(principal, workspaceId);
    return null;
  }

  /** The path takes the workspace id (docs/contract/invitations.md#own-invitations). */
  @Delete('workspaces/pending/:id')
  @ApiTags('workspaces')
  @OwnCommand('delete_pending_workspace_invite', 'anything', { actsInNoOrg: true })
  @Refuses(...REFUSALS)
  async deletePendingWorkspaceInvite(
    @CurrentPrincipal() principal: UserPrincipal,
    @PathUuid('id') workspaceId: string,
  ) {
    await this.own.declineWorkspace(principal, workspaceId);
    return null;
  }
}
