import { Injectable } from '@nestjs/common';
import { OrgsService } from '../orgs/index.js';
import { hasExpired } from './invitation-status.js';
import type { Invitation } from './invitation.entity.js';
import { InvitationsRepository } from './invitations.repository.js';

export type WaitingInvitation = { readonly invitation: Invitation; readonly hasExpired: boolean };

/** What waits for an address, for who has to decide whether its owner may come in. Nothing is consumed by looking. */
@Injectable()
export class WaitingInvitations {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly orgs: OrgsService,
  ) {}

  async find(orgId: string, email: string): Promise<WaitingInvitation | null> {
    const invitation = (await this.invitations.findPendingByEmails(orgId, [email])).get(email);
    return invitation ? { invitation, hasExpired: hasExpired(invitation) } : null;
  }

  /** Whether there is anything in another organization that its owner could accept now. */
  async canAcceptOutside(orgId: string, email: string): Promise<boolean> {
    const waiting = await this.invitations.listPendingFor(email);
    const others = waiting.filter((invitation) => invitation.orgId !== orgId && !hasExpired(invitation));
    const orgs = await this.orgs.list(others.map((invitation) => invitation.orgId));
    return orgs.some(({ invitesEnabled, isDisabled }) => invitesEnabled && !isDisabled);
  }
}
