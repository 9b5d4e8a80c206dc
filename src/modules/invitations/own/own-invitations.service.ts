import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../../common/access/principal.js';
import { getOrThrow } from '../../../common/collections.js';
import { newId } from '../../../database/statements/new-id.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { membershipFacts, OrgMembersService, type OrgMembership } from '../../members/index.js';
import { AcceptInvitation } from '../core/accept-invitation.js';
import { InvitationNotFound } from '../core/invitations.errors.js';
import { type FoundInvitation, InvitationsRepository } from '../core/invitations.repository.js';
import { UserInvitations } from './user-invitations.js';

/** Accepts and declines the invitations of the signed-in user, named by the organization or by a workspace. */
@Injectable()
export class OwnInvitationsService {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly userInvitations: UserInvitations,
    private readonly acceptInvitation: AcceptInvitation,
    private readonly orgMembers: OrgMembersService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  acceptOrg(principal: UserPrincipal, orgId: string): Promise<OrgMembership> {
    return this.transaction.inOrganization(orgId, async () => {
      const invitation = await this.userInvitations.getUsable(principal, orgId);
      await this.accept(principal, invitation, 'claim_pending_organization_invite', { orgId });
      const memberships = await this.orgMembers.findByUsers(orgId, [principal.userId]);
      return getOrThrow(memberships, principal.userId);
    });
  }

  async acceptWorkspace(principal: UserPrincipal, workspaceId: string): Promise<void> {
    const orgId = await this.userInvitations.getOrgOfWorkspace(workspaceId);
    await this.transaction.inOrganization(orgId, async () => {
      const scope = { orgId, workspaceId };
      const invitation = await this.userInvitations.getUsableIn(principal, scope);
      await this.accept(principal, invitation, 'claim_pending_workspace_invite', scope);
    });
  }

  declineOrg(principal: UserPrincipal, orgId: string): Promise<void> {
    return this.transaction.inOrganization(orgId, async () => {
      const { id } = await this.userInvitations.get(principal, orgId);
      await this.invitations.end(orgId, [id], 'declined');
      await this.audit.record(principal, 'delete_pending_organization_invite', [id], { orgId });
    });
  }

  /** Removes the workspace from the invitation (docs/contract/invitations.md#revoking-the-workspace-part). */
  async declineWorkspace(principal: UserPrincipal, workspaceId: string): Promise<void> {
    const orgId = await this.userInvitations.getOrgOfWorkspace(workspaceId);
    await this.transaction.inOrganization(orgId, async () => {
      const invitation = await this.userInvitations.get(principal, orgId);
      if (!(await this.invitations.removeGrant(invitation, workspaceId, 'declined')))
        throw new InvitationNotFound();
      const scope = { orgId, workspaceId };
      await this.audit.record(principal, 'delete_pending_workspace_invite', [invitation.id], scope);
    });
  }

  private async accept(
    principal: UserPrincipal,
    invitation: FoundInvitation,
    operation: 'claim_pending_organization_invite' | 'claim_pending_workspace_invite',
    scope: { orgId: string; workspaceId?: string },
  ): Promise<void> {
    const entryId = newId();
    const recipient = { userId: principal.userId, auditEntryId: entryId };
    const details = membershipFacts(await this.acceptInvitation.acceptOne(invitation, recipient));
    await this.audit.record(principal, operation, [invitation.id], { ...scope, entryId, details });
  }
}
