import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { getOrThrow } from '../../../common/collections.js';
import { newId } from '../../../database/statements/new-id.js';
import { AuditTrail } from '../../audit/index.js';
import { membershipFacts, OrgMembersService, type OrgMembership } from '../../members/index.js';
import { AcceptInvitation } from '../core/accept-invitation.js';
import { InvitationNotFound } from '../core/invitations.errors.js';
import { InvitationsRepository } from '../core/invitations.repository.js';
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
      const entryId = newId();
      const recipient = { userId: principal.userId, auditEntryId: entryId };
      const details = membershipFacts(await this.acceptInvitation.acceptOne(invitation, recipient));
      const scope = { orgId, entryId, details };
      await this.audit.record(principal, 'claim_pending_organization_invite', [invitation.id], scope);
      const memberships = await this.orgMembers.findByUsers(orgId, [principal.userId]);
      return getOrThrow(memberships, principal.userId);
    });
  }

  async acceptWorkspace(principal: UserPrincipal, workspaceId: string): Promise<void> {
    const orgId = await this.userInvitations.getOrgOfWorkspace(workspaceId);
    await this.transaction.inOrganization(orgId, async () => {
      const invitation = await this.userInvitations.getUsableIn(principal, { orgId, workspaceId });
      const entryId = newId();
      const recipient = { userId: principal.userId, auditEntryId: entryId };
      const details = membershipFacts(await this.acceptInvitation.acceptOne(invitation, recipient));
      const scope = { orgId, workspaceId, entryId, details };
      await this.audit.record(principal, 'claim_pending_workspace_invite', [invitation.id], scope);
    });
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
    const orgId = await this.userInvitations.getOrgOfWorkspace(workspaceId);
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
}
