import { Injectable } from '@nestjs/common';
import type { Org } from '../orgs/index.js';
import { LoginMethodsService } from '../users/index.js';
import { AcceptInvitation } from './accept-invitation.js';
import { hasExpired } from './invitation-status.js';
import type { Invitation } from './invitation.entity.js';
import { InvitationsRepository } from './invitations.repository.js';

/** Somebody who becomes a member by another way than his invitation. */
type Joining = {
  readonly userId: string;
  /** Of his account. */
  readonly email: string;
  /** By which he is known besides; nothing proves that they are his. */
  readonly otherEmails: readonly string[];
};

export type SettledInvitation = { readonly id: string; readonly status: 'accepted' | 'revoked' };

/**
 * Nobody is pending and a member (docs/decisions/0006): the invitation of who comes in otherwise ends with that. It gives
 * what it offers only to who could have accepted it himself: at the address of his account, which is proved his.
 */
@Injectable()
export class SettleInvitations {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly acceptInvitation: AcceptInvitation,
    private readonly logins: LoginMethodsService,
  ) {}

  /** By person; before they are added. The caller holds the roster lock and records it. */
  async run(org: Org, joining: readonly Joining[]): Promise<Map<string, SettledInvitation>> {
    const emails = joining.flatMap(({ email, otherEmails }) => [email, ...otherEmails]);
    const pending = await this.invitations.findPendingByEmails(org.id, [...new Set(emails)]);
    const settled = new Map<string, SettledInvitation>();
    if (pending.size === 0) return settled;
    for (const { userId, email, otherEmails } of joining) {
      const others = otherEmails
        .filter((other) => other !== email)
        .flatMap((other) => pending.get(other) ?? []);
      for (const invitation of others) settled.set(userId, await this.end(invitation));
      const own = pending.get(email);
      if (own) settled.set(userId, await this.settle(org, own, userId));
    }
    return settled;
  }

  private async settle(org: Org, invitation: Invitation, userId: string): Promise<SettledInvitation> {
    const isUsable = org.invitesEnabled && !hasExpired(invitation);
    if (!isUsable || !(await this.logins.emailIsVouchedFor(userId))) return this.end(invitation);
    await this.acceptInvitation.accept(invitation, userId);
    return { id: invitation.id, status: 'accepted' };
  }

  private async end({ orgId, id }: Invitation): Promise<SettledInvitation> {
    await this.invitations.end(orgId, [id], 'revoked');
    return { id, status: 'revoked' };
  }
}
