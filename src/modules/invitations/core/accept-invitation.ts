import { Injectable } from '@nestjs/common';
import { OrgMembersService, WorkspaceMembersService } from '../../members/index.js';
import { InvitationNotFound } from './invitations.errors.js';
import type { Invitation } from './invitation.entity.js';
import { InvitationsRepository } from './invitations.repository.js';

/** A pending invitation and the account that accepts it. */
export type Acceptance = { readonly invitation: Invitation; readonly userId: string };

/**
 * Converts a pending invitation into the memberships it grants, once. Accepting it through one of its workspaces
 * accepts all of it (docs/decisions/0006).
 */
@Injectable()
export class AcceptInvitation {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly orgMembers: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
  ) {}

  /**
   * `acceptAll` for one invitation.
   *
   * @throws InvitationNotFound if it is no longer pending
   */
  async acceptOne(invitation: Invitation, userId: string): Promise<void> {
    const [accepted] = await this.acceptAll(invitation.orgId, [{ invitation, userId }]);
    if (!accepted) throw new InvitationNotFound();
  }

  /**
   * Returns the invitations that were still pending; the others grant nothing. The caller holds the roster lock and
   * writes the audit entry.
   */
  async acceptAll(orgId: string, acceptances: readonly Acceptance[]): Promise<Invitation[]> {
    const ids = acceptances.map(({ invitation }) => invitation.id);
    const grantsById = await this.invitations.end(orgId, ids, 'accepted');
    const accepted = acceptances.flatMap(({ invitation, userId }) => {
      const grants = grantsById.get(invitation.id);
      return grants ? [{ invitation, userId, grants }] : [];
    });
    const members = accepted.map(({ invitation, userId }) => ({ userId, roleId: invitation.orgRoleId }));
    await this.orgMembers.add(orgId, members, 'invitation');
    const workspaceMembers = accepted.flatMap(({ userId, grants }) =>
      grants.map((grant) => ({ ...grant, userId })),
    );
    await this.workspaceMembers.addAll(orgId, workspaceMembers, 'invitation');
    return accepted.map(({ invitation }) => invitation);
  }
}
