import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../../common/access/principal.js';
import type { DomainError } from '../../../common/errors/domain-error.js';
import { type Org, OrgsRepository } from '../../orgs/index.js';
import { AddressProofs } from '../../passwords/index.js';
import { WorkspacesService, type WorkspaceWithOrg } from '../../workspaces/index.js';
import { isEnoughFor } from '../core/accept-invitation.js';
import {
  EmailNotConfirmed,
  InvitationExpired,
  InvitationNotFound,
  PasswordOfUnknownOrigin,
} from '../core/invitations.errors.js';
import { type FoundInvitation, InvitationsRepository } from '../core/invitations.repository.js';
import { acceptanceRefusal } from '../core/pending-invitation-lookup.js';

/** As far as the login proves the address of the account (docs/contract/passwords.md#what-a-password-proves). */
@Injectable()
export class UserInvitations {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly orgs: OrgsRepository,
    private readonly workspaces: WorkspacesService,
    private readonly proofs: AddressProofs,
  ) {}

  /** Oldest first, without expired invitations. */
  private async listUsable(principal: UserPrincipal): Promise<FoundInvitation[]> {
    const pending = await this.invitations.listPendingByEmail(principal.email);
    const proofFor = await this.proofs.ofSession(principal);
    return pending.filter(
      (invitation) => !invitation.isExpired && isEnoughFor(proofFor(invitation.orgId), invitation.orgRoleId),
    );
  }

  async listOrgs(principal: UserPrincipal): Promise<Org[]> {
    const usable = await this.listUsable(principal);
    return this.orgs.listByIds(usable.map(({ orgId }) => orgId));
  }

  async listWorkspaces(principal: UserPrincipal): Promise<WorkspaceWithOrg[]> {
    const usable = await this.listUsable(principal);
    if (usable.length === 0) return [];
    const offered = await this.invitations.listOfferedWorkspaces(usable.map(({ id }) => id));
    return this.workspaces.findWithOrgs(offered);
  }

  /** @throws InvitationNotFound if there is no such workspace */
  async getOrgOfWorkspace(workspaceId: string): Promise<string> {
    const [found] = await this.workspaces.findWithOrgs([workspaceId]);
    if (!found) throw new InvitationNotFound();
    return found.workspace.orgId;
  }

  /**
   * In a transaction. If a password proves nothing about the address, the result is InvitationNotFound, and it is audited.
   *
   * @throws InvalidCredential, EmailNotConfirmed, InvitationNotFound, PasswordOfUnknownOrigin
   */
  async get(principal: UserPrincipal, orgId: string): Promise<FoundInvitation> {
    const { email, sessionMethod } = principal;
    const proof = (await this.proofs.ofSessionLocked(principal))(orgId);
    if (proof === 'none' && sessionMethod !== 'password') throw new EmailNotConfirmed();
    const invitation = (await this.invitations.findPendingByEmails(orgId, [email])).get(email);
    if (!invitation) throw new InvitationNotFound();
    if (isEnoughFor(proof, invitation.orgRoleId)) return invitation;
    throw auditedIn(orgId, proof === 'none' ? new InvitationNotFound() : new PasswordOfUnknownOrigin());
  }

  /** @throws OrganizationDisabled, InvitationExpired, InvitesDisabled, SsoRequired and the errors of `get` */
  async getUsable(principal: UserPrincipal, orgId: string): Promise<FoundInvitation> {
    const invitation = await this.get(principal, orgId);
    const refusal = acceptanceRefusal(invitation, await this.orgs.get(orgId), principal.sessionMethod);
    if (refusal) throw auditedIn(orgId, refusal);
    return invitation;
  }

  /** `getUsable` for one that still offers the workspace. */
  async getUsableIn(
    principal: UserPrincipal,
    { orgId, workspaceId }: { orgId: string; workspaceId: string },
  ): Promise<FoundInvitation> {
    const invitation = await this.getUsable(principal, orgId);
    const { hasEnded } = await this.invitations.getPendingGrant({ orgId, workspaceId }, invitation.id);
    if (hasEnded) throw auditedIn(orgId, new InvitationExpired());
    return invitation;
  }
}

/** Marks the error so that it is audited in the inviting organization. */
const auditedIn = (orgId: string, refusal: DomainError): DomainError =>
  Object.assign(refusal, { affectedOrgId: orgId });
