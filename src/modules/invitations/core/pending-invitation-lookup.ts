import { Injectable } from '@nestjs/common';
import { OrgsService } from '../../orgs/index.js';
import type { Invitation } from './entities.js';
import { InvitationsRepository } from './invitations.repository.js';

export type PendingInvitation = { readonly invitation: Invitation; readonly hasExpired: boolean };

/** What accepting a pending invitation grants. */
export type InvitationOffer = {
  readonly orgRoleId: string;
  readonly workspaceRoles: readonly { readonly workspaceId: string; readonly roleId: string }[];
};

/** Reads pending invitations of an address for access decisions; changes nothing. */
@Injectable()
export class PendingInvitationLookup {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly orgs: OrgsService,
  ) {}

  async find(orgId: string, email: string): Promise<PendingInvitation | null> {
    const invitation = (await this.invitations.findPendingByEmails(orgId, [email])).get(email);
    return invitation ? { invitation, hasExpired: invitation.isExpired } : null;
  }

  /** The offers of all pending invitations of these addresses, including expired ones. */
  async listOffers(orgId: string, emails: readonly string[]): Promise<InvitationOffer[]> {
    const pending = [...(await this.invitations.findPendingByEmails(orgId, emails)).values()];
    const grants = pending.length > 0 ? await this.invitations.listGrants(pending.map(({ id }) => id)) : [];
    return pending.map(({ id, orgRoleId }) => ({
      orgRoleId,
      workspaceRoles: grants.filter(({ invitationId }) => invitationId === id),
    }));
  }

  /** Whether the address has an invitation in another organization that can be accepted now. */
  async canAcceptElsewhere(orgId: string, email: string): Promise<boolean> {
    const pending = await this.invitations.listPendingByEmail(email);
    const others = pending.filter((invitation) => invitation.orgId !== orgId && !invitation.isExpired);
    const orgs = await this.orgs.listByIds(others.map((invitation) => invitation.orgId));
    return orgs.some(({ invitesEnabled, isDisabled }) => invitesEnabled && !isDisabled);
  }
}
