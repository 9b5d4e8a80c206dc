import { Injectable } from '@nestjs/common';
import { OrganizationDisabled, SsoRequired } from '../../../common/access/access.errors.js';
import type { SessionMethod } from '../../../common/access/principal.js';
import type { DomainError } from '../../../common/errors/domain-error.js';
import { type Org, OrgsRepository } from '../../orgs/index.js';
import type { Invitation } from './entities.js';
import { InvitationExpired, InvitationNotFound, InvitesDisabled } from './invitations.errors.js';
import { type FoundInvitation, InvitationsRepository } from './invitations.repository.js';

export type InvitationOffer = {
  readonly orgRoleId: string;
  readonly workspaceRoles: readonly { readonly workspaceId: string; readonly roleId: string }[];
};

/** Reads pending invitations of an address for access decisions; changes nothing. */
@Injectable()
export class PendingInvitationLookup {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly orgs: OrgsRepository,
  ) {}

  /** Including an expired one. */
  async find(orgId: string, email: string): Promise<FoundInvitation | null> {
    return (await this.invitations.findPendingByEmails(orgId, [email])).get(email) ?? null;
  }

  /** By setting a password with a link. @throws InvitationNotFound, and the errors of `acceptanceRefusal` */
  async getUsable(orgId: string, invitationId: string): Promise<Invitation> {
    const pending = await this.invitations.findPending(orgId, invitationId);
    const invitation = pending && (await this.find(orgId, pending.email));
    if (!invitation) throw new InvitationNotFound();
    const refusal = acceptanceRefusal(invitation, await this.orgs.get(orgId), 'password');
    if (refusal) throw refusal;
    return invitation;
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

/** Why a pending invitation cannot be accepted now by a user who signs in in this way; null if it can. */
export function acceptanceRefusal(
  { isExpired }: Pick<FoundInvitation, 'isExpired'>,
  org: Org,
  sessionMethod: SessionMethod | null,
): DomainError | null {
  if (org.isDisabled) return new OrganizationDisabled();
  if (isExpired) return new InvitationExpired();
  if (!org.invitesEnabled) return new InvitesDisabled();
  return org.ssoOnly && sessionMethod === 'password' ? new SsoRequired() : null;
}
