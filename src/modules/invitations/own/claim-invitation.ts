import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../../common/access/principal.js';
import { getOrThrow } from '../../../common/collections.js';
import { newId } from '../../../database/statements/new-id.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { OrgMembersService, type OrgMembership } from '../../members/index.js';
import { AcceptInvitation } from '../core/accept-invitation.js';
import { InvitationsRepository } from '../core/invitations.repository.js';
import { UserInvitations } from './user-invitations.js';

/** Accepts an invitation of the signed-in user, named by its organization or by one of its workspaces. */
@Injectable()
export class ClaimInvitation {
  constructor(
    private readonly transaction: Transaction,
    private readonly invitations: InvitationsRepository,
    private readonly userInvitations: UserInvitations,
    private readonly acceptInvitation: AcceptInvitation,
    private readonly orgMembers: OrgMembersService,
    private readonly audit: AuditTrail,
  ) {}

  inOrg(principal: UserPrincipal, orgId: string): Promise<OrgMembership> {
    return this.transaction.inOrganization(orgId, async () => {
      const invitation = await this.userInvitations.getUsable(principal, orgId);
      const entryId = newId();
      await this.acceptInvitation.acceptOne(invitation, { userId: principal.userId, auditEntryId: entryId });
      const scope = { orgId, entryId };
      await this.audit.record(principal, 'claim_pending_organization_invite', [invitation.id], scope);
      const memberships = await this.orgMembers.findByUsers(orgId, [principal.userId]);
      return getOrThrow(memberships, principal.userId);
    });
  }

  inWorkspace(
    principal: UserPrincipal,
    { orgId, id: workspaceId }: { orgId: string; id: string },
  ): Promise<void> {
    return this.transaction.inOrganization(orgId, async () => {
      const invitation = await this.userInvitations.getUsable(principal, orgId);
      await this.invitations.getPendingGrant({ orgId, workspaceId }, invitation.id);
      const entryId = newId();
      await this.acceptInvitation.acceptOne(invitation, { userId: principal.userId, auditEntryId: entryId });
      const scope = { orgId, workspaceId, entryId };
      await this.audit.record(principal, 'claim_pending_workspace_invite', [invitation.id], scope);
    });
  }
}
