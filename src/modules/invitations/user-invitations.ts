import { Injectable } from '@nestjs/common';
import { OrganizationDisabled, SsoRequired } from '../../common/access/access.errors.js';
import type { UserPrincipal } from '../../common/access/principal.js';
import type { DomainError } from '../../common/errors/domain-error.js';
import { type Org, OrgsService } from '../orgs/index.js';
import { AddressProofs } from '../users/index.js';
import {
  EmailNotConfirmed,
  InvitationExpired,
  InvitationNotFound,
  InvitesDisabled,
  PasswordOfUnknownOrigin,
} from './invitations.errors.js';
import { isEnoughFor } from './invitation-proof.js';
import { hasExpired } from './invitation-status.js';
import type { Invitation } from './invitation.entity.js';
import { InvitationsRepository } from './invitations.repository.js';

type InvitedPrincipal = Pick<UserPrincipal, 'userId' | 'email' | 'sessionMethod' | 'credential'>;

/**
 * The invitations a signed-in person may act on: addressed to the e-mail of their account, as far as the way they signed
 * in proves that address to the inviting organization (contract decision 49).
 */
@Injectable()
export class UserInvitations {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly orgs: OrgsService,
    private readonly proofs: AddressProofs,
  ) {}

  /** Oldest first. Expired ones admit nobody and are not shown. */
  async listUsable(principal: InvitedPrincipal): Promise<Invitation[]> {
    const pending = await this.invitations.listPendingByEmail(principal.email);
    const proofFor = await this.proofs.ofSession(principal);
    return pending.filter(
      (invitation) =>
        !hasExpired(invitation) && isEnoughFor(proofFor(invitation.orgId), invitation.orgRoleId),
    );
  }

  /** The organizations of those. */
  async listOrgs(principal: InvitedPrincipal): Promise<Org[]> {
    const usable = await this.listUsable(principal);
    return this.orgs.listByIds(usable.map(({ orgId }) => orgId));
  }

  /**
   * In a transaction. To a password that proves nothing, an invitation is answered as if there were none; the inviting
   * organization's audit log holds the attempt.
   *
   * @throws InvalidCredential, EmailNotConfirmed, InvitationNotFound, PasswordOfUnknownOrigin
   */
  async get(principal: InvitedPrincipal, orgId: string): Promise<Invitation> {
    const { email, sessionMethod } = principal;
    const proof = (await this.proofs.ofSessionLocked(principal))(orgId);
    if (proof === 'none' && sessionMethod !== 'password') throw new EmailNotConfirmed();
    const invitation = (await this.invitations.findPendingByEmails(orgId, [email])).get(email);
    if (!invitation) throw new InvitationNotFound();
    if (isEnoughFor(proof, invitation.orgRoleId)) return invitation;
    throw concerning(orgId, proof === 'none' ? new InvitationNotFound() : new PasswordOfUnknownOrigin());
  }

  /**
   * `get`, of one that can be accepted now.
   *
   * @throws OrganizationDisabled, InvitationExpired, InvitesDisabled, SsoRequired too
   */
  async getUsable(principal: InvitedPrincipal, orgId: string): Promise<Invitation> {
    const invitation = await this.get(principal, orgId);
    const refusal = refusalOf(invitation, await this.orgs.get(orgId), principal);
    if (refusal) throw concerning(orgId, refusal);
    return invitation;
  }
}

/** Whose admins have invited, and may wonder. */
const concerning = (orgId: string, refusal: DomainError): DomainError =>
  Object.assign(refusal, { affectedOrgId: orgId });

function refusalOf(
  invitation: Invitation,
  org: Org,
  { sessionMethod }: InvitedPrincipal,
): DomainError | null {
  if (org.isDisabled) return new OrganizationDisabled();
  if (hasExpired(invitation)) return new InvitationExpired();
  if (!org.invitesEnabled) return new InvitesDisabled();
  return org.ssoOnly && sessionMethod === 'password' ? new SsoRequired() : null;
}
