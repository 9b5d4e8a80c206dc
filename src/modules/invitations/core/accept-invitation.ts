import { Injectable } from '@nestjs/common';
import {
  createdByInvitation,
  type MembershipChanges,
  OrgMembersService,
  WorkspaceMembersService,
} from '../../members/index.js';
import type { AddressProof } from '../../passwords/index.js';
import { isOrdinaryRole } from '../../roles/index.js';
import type { Invitation } from './entities.js';
import { InvitationNotFound } from './invitations.errors.js';
import { InvitationsRepository } from './invitations.repository.js';

/** Who becomes a member by an invitation, and the id of the audit entry that the caller writes about it. */
type Recipient = { readonly userId: string; readonly auditEntryId: string };

/** A pending invitation and the account that accepts it. */
export type Acceptance = Recipient & { readonly invitation: Invitation };

/** Accepting it through one of its workspaces accepts all of it (docs/decisions/0006). */
@Injectable()
export class AcceptInvitation {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly orgMembers: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
  ) {}

  /** @throws InvitationNotFound if it is no longer pending */
  async acceptOne(invitation: Invitation, recipient: Recipient): Promise<MembershipChanges> {
    const { accepted, changes } = await this.acceptAll(invitation.orgId, [{ invitation, ...recipient }]);
    if (accepted.length === 0) throw new InvitationNotFound();
    return changes;
  }

  /** Under the roster lock. Returns what was still pending, and what it gave. The caller writes the audit entries. */
  async acceptAll(orgId: string, acceptances: readonly Acceptance[]) {
    const ids = acceptances.map(({ invitation }) => invitation.id);
    const grantsById = await this.invitations.end(orgId, ids, 'accepted');
    const accepted = acceptances.flatMap(({ invitation, userId, auditEntryId }) => {
      const grants = grantsById.get(invitation.id);
      if (!grants) return [];
      return [{ invitation, userId, grants, provenance: createdByInvitation(invitation, auditEntryId) }];
    });
    const members = accepted.map(({ invitation, userId, provenance }) => ({
      userId,
      roleId: invitation.orgRoleId,
      provenance,
      accessExpiresAt: invitation.accessExpiresAt,
    }));
    const newMembers = await this.orgMembers.add(orgId, members);
    const workspaceMembers = accepted.flatMap(({ userId, grants, provenance }) =>
      grants.map((grant) => ({ ...grant, userId, provenance })),
    );
    const added = await this.workspaceMembers.addAll(orgId, workspaceMembers);
    const orgAdded = members.filter(({ userId }) => newMembers.has(userId));
    return { accepted: accepted.map(({ invitation }) => invitation), changes: { orgAdded, added } };
  }
}

/** Whether this proof of the address suffices for the org role (docs/contract/passwords.md#what-a-password-proves). */
export const isEnoughFor = (proof: AddressProof, orgRoleId: string): boolean =>
  proof === 'any-role' || (proof === 'ordinary-roles' && isOrdinaryRole(orgRoleId));
