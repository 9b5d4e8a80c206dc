import { Injectable } from '@nestjs/common';
import { OrgsService } from '../../orgs/index.js';
import { AcceptInvitation } from '../core/accept-invitation.js';
import { InvitationNotFound } from '../core/invitations.errors.js';
import type { Invitation } from '../core/entities.js';
import { InvitationsRepository } from '../core/invitations.repository.js';
import { acceptanceRefusal } from './user-invitations.js';

/** Invitations that are accepted by setting a password with a link (docs/contract/passwords.md#password-links). */
@Injectable()
export class LinkedInvitations {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly orgs: OrgsService,
    private readonly acceptInvitation: AcceptInvitation,
  ) {}

  /**
   * An invitation that can be accepted now with a password.
   *
   * @throws InvitationNotFound, OrganizationDisabled, InvitationExpired, InvitesDisabled or SsoRequired
   */
  async getUsable(orgId: string, invitationId: string): Promise<Invitation> {
    const pending = await this.invitations.findPending(orgId, invitationId);
    const found = pending && (await this.invitations.findPendingByEmails(orgId, [pending.email]));
    const invitation = pending && found?.get(pending.email);
    if (!invitation) throw new InvitationNotFound();
    const refusal = acceptanceRefusal(invitation, await this.orgs.get(orgId), 'password');
    if (refusal) throw refusal;
    return invitation;
  }

  /** The caller holds the roster lock, has set the password and writes the audit entry with this id. */
  accept(invitation: Invitation, recipient: { userId: string; auditEntryId: string }): Promise<void> {
    return this.acceptInvitation.acceptOne(invitation, recipient);
  }
}
