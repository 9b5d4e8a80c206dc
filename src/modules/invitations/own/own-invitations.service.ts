import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { type OrgMembership } from '../../members/index.js';
import type { Org } from '../../orgs/index.js';
import { type WorkspaceWithOrg, WorkspacesService } from '../../workspaces/index.js';
import { ClaimInvitation } from './claim-invitation.js';
import { InvitationNotFound } from '../core/invitations.errors.js';
import { UserInvitations } from './user-invitations.js';
import { InvitationsRepository } from '../core/invitations.repository.js';

/** Lists, accepts and declines the invitations of the signed-in user. */
@Injectable()
export class OwnInvitationsService {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly claimInvitation: ClaimInvitation,
    private readonly userInvitations: UserInvitations,
    private readonly workspaces: WorkspacesService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  listOrgs(principal: UserPrincipal): Promise<Org[]> {
    return this.userInvitations.listOrgs(principal);
  }

  async listWorkspaces(principal: UserPrincipal): Promise<WorkspaceWithOrg[]> {
    const usable = await this.userInvitations.listUsable(principal);
    const grants = usable.length === 0 ? [] : await this.invitations.listGrants(usable.map(({ id }) => id));
    return this.workspaces.findWithOrgs(grants.map(({ workspaceId }) => workspaceId));
  }

  acceptOrg(principal: UserPrincipal, orgId: string): Promise<OrgMembership> {
    return this.claimInvitation.inOrg(principal, orgId);
  }

  async acceptWorkspace(principal: UserPrincipal, workspaceId: string): Promise<void> {
    await this.claimInvitation.inWorkspace(principal, await this.findWorkspace(workspaceId));
  }

  declineOrg(principal: UserPrincipal, orgId: string): Promise<void> {
    return this.transaction.inOrganization(orgId, async () => {
      const invitation = await this.userInvitations.get(principal, orgId);
      await this.invitations.end(orgId, [invitation.id], 'declined');
      await this.audit.record(principal, 'delete_pending_organization_invite', [invitation.id], { orgId });
    });
  }

  /** Removes the workspace from the invitation (docs/contract/invitations.md#revoking-the-workspace-part). */
  async declineWorkspace(principal: UserPrincipal, workspaceId: string): Promise<void> {
    const { orgId } = await this.findWorkspace(workspaceId);
    await this.transaction.inOrganization(orgId, async () => {
      const invitation = await this.userInvitations.get(principal, orgId);
      if (!(await this.invitations.removeGrant(invitation, workspaceId, 'declined')))
        throw new InvitationNotFound();
      await this.audit.record(principal, 'delete_pending_workspace_invite', [invitation.id], {
        orgId,
        workspaceId,
      });
    });
  }

  private async findWorkspace(workspaceId: string): Promise<{ id: string; orgId: string }> {
    const [found] = await this.workspaces.findWithOrgs([workspaceId]);
    if (!found) throw new InvitationNotFound();
    return found.workspace;
  }
}
