import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../common/access/principal.js';
import { Transaction } from '../../database/transaction.js';
import { AuditTrail } from '../audit/index.js';
import { OrgMembersService, type OrgMembership, WorkspaceMembersService } from '../members/index.js';
import { InvitationNotFound } from './invitations.errors.js';
import { UserInvitations } from './user-invitations.js';
import type { Invitation } from './invitation.entity.js';
import { InvitationsRepository } from './invitations.repository.js';

/**
 * Converts a pending invitation into the memberships it grants, once. Accepting it through one of its workspaces
 * accepts all of it (docs/decisions/0006).
 */
@Injectable()
export class AcceptInvitation {
  constructor(
    private readonly transaction: Transaction,
    private readonly invitations: InvitationsRepository,
    private readonly userInvitations: UserInvitations,
    private readonly orgMembers: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
    private readonly audit: AuditTrail,
  ) {}

  inOrg(principal: UserPrincipal, orgId: string): Promise<OrgMembership> {
    return this.transaction.runInOrg(orgId, async () => {
      const invitation = await this.userInvitations.getUsable(principal, orgId);
      await this.acceptOne(invitation, principal.userId);
      await this.audit.record(principal, 'claim_pending_organization_invite', [invitation.id], { orgId });
      return (await this.orgMembers.findByUsers(orgId, [principal.userId])).get(principal.userId)!;
    });
  }

  inWorkspace(
    principal: UserPrincipal,
    { orgId, id: workspaceId }: { orgId: string; id: string },
  ): Promise<void> {
    return this.transaction.runInOrg(orgId, async () => {
      const invitation = await this.userInvitations.getUsable(principal, orgId);
      await this.invitations.getPendingGrant({ orgId, workspaceId }, invitation.id);
      await this.acceptOne(invitation, principal.userId);
      await this.audit.record(principal, 'claim_pending_workspace_invite', [invitation.id], {
        orgId,
        workspaceId,
      });
    });
  }

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
