import { Injectable } from '@nestjs/common';
import { OrgMembersService, WorkspaceMembersService } from '../../members/index.js';
import { InvitationNotFound } from './invitations.errors.js';
import type { Invitation } from './invitation.entity.js';
import { InvitationsRepository } from './invitations.repository.js';

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
    const [accepted] = await this.acceptAll(invitation.orgId, [invitation], () => userId);
    if (!accepted) throw new InvitationNotFound();
  }

  /**
   * Returns the invitations that were still pending; the others grant nothing. The caller holds the roster lock and
   * writes the audit entry.
   */
  async acceptAll(
    orgId: string,
    invitations: readonly Invitation[],
    userIdOf: (invitation: Invitation) => string,
  ): Promise<Invitation[]> {
    const ids = invitations.map(({ id }) => id);
    const grantsById = await this.invitations.end(orgId, ids, 'accepted');
    const accepted = invitations.filter(({ id }) => grantsById.has(id));
    const members = accepted.map((invitation) => ({
      userId: userIdOf(invitation),
      roleId: invitation.orgRoleId,
    }));
    await this.orgMembers.add(orgId, members, 'invitation');
    const workspaceMembers = accepted.flatMap((invitation) =>
      grantsById.get(invitation.id)!.map((grant) => ({ ...grant, userId: userIdOf(invitation) })),
    );
    await this.workspaceMembers.addAll(orgId, workspaceMembers, 'invitation');
    return accepted;
  }
}
