import { Injectable } from '@nestjs/common';
import type { RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { required } from '../../../common/collections.js';
import { newId } from '../../../database/statements/new-id.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { AcceptInvitation, PendingInvitationLookup } from '../../invitations/index.js';
import { membershipFacts } from '../../members/index.js';
import { auditDetailsOf, type FoundPasswordLink, PasswordLinkNotFound } from '../../passwords/index.js';
import { HandedOverLink } from './handed-over-link.js';
import { SetInvitedPassword } from './set-invited-password.js';

@Injectable()
export class AcceptByLink {
  constructor(
    private readonly invitations: PendingInvitationLookup,
    private readonly acceptInvitation: AcceptInvitation,
    private readonly setPassword: SetInvitedPassword,
    private readonly handedOver: HandedOverLink,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws PasswordLinkNotFound, InvitedAccountHasPassword and what {@link PendingInvitationLookup.getUsable} throws */
  usableUntil(link: FoundPasswordLink): Promise<Date> {
    const { orgId } = targetOf(link);
    const { email, expiresAt, handedOverByUserId: adminId } = link;
    return this.transaction.inOrganization(orgId, async () => {
      const invitation = await this.usableInvitation(link);
      if (adminId === null) await this.setPassword.assertNotInUse(link);
      else await this.handedOver.assertMayMakeAccount({ orgId, adminId, email });
      const end = invitation.expiresAt ?? expiresAt;
      return end < expiresAt ? end : expiresAt;
    });
  }

  /** @throws PasswordLinkUsed and what {@link usableUntil} throws */
  run(link: FoundPasswordLink, digest: string, request: RequestMetadata): Promise<string> {
    const { orgId, invitationId } = targetOf(link);
    return this.transaction.inOrganization(orgId, async () => {
      const invitation = await this.usableInvitation(link);
      const userId = await this.setPassword.run(link, { orgId, fullName: invitation.fullName, digest });
      const entryId = newId();
      const changes = await this.acceptInvitation.acceptOne(invitation, { userId, auditEntryId: entryId });
      const actor = { userId, orgId, request };
      const details = auditDetailsOf('used', link);
      await this.audit.record(actor, 'update_basic_auth_user', [userId], { details });
      const scope = { entryId, details: membershipFacts(changes) };
      await this.audit.record(actor, 'claim_pending_organization_invite', [invitationId], scope);
      return userId;
    });
  }

  private async usableInvitation(link: FoundPasswordLink) {
    const { orgId, invitationId } = targetOf(link);
    const invitation = await this.invitations.getUsable(orgId, invitationId);
    if (invitation.email !== link.email) throw new PasswordLinkNotFound(); // no proof of another address
    return invitation;
  }
}

const targetOf = ({ orgId, invitationId }: FoundPasswordLink) => ({
  orgId: required(orgId, 'the organization of the link'),
  invitationId: required(invitationId, 'the invitation of the link'),
});
