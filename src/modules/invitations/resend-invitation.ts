import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, WorkspacePrincipal } from '../../common/access/principal.js';
import type { AuditOperation } from '../../common/http/operations/audit-operations.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail } from '../audit/index.js';
import {
  InvitationExceedsRights,
  InvitedAccessEnded,
  InvitesDisabled,
  NewPeopleNotAllowed,
} from './core/invitations.errors.js';
import { InvitationsRepository } from './core/invitations.repository.js';
import { hasSeat, Seats } from './core/seats.js';
import { InviteContextLoader } from './rights/invite-context-loader.js';
import { emptyRow, type InviteRights, mayInviteNewPeople, renewalProblem } from './rights/invite-rights.js';
import { InvitationMailsRepository } from './mail/invitation-mails.repository.js';
import { assertManageable } from './invitations.service.js';

type ResentInvitation = {
  readonly invitationId: string;
  readonly rights: InviteRights;
  readonly operation: AuditOperation;
  /** What it offers in the workspace from which it is sent again. */
  readonly hasEnded: boolean;
};

/**
 * Renews the expiry of an invitation and mails it again; its grants stay. Refused while invitations are disabled, since
 * the user could not accept it, and for an expired invitation while no seat is free.
 */
@Injectable()
export class ResendInvitation {
  constructor(
    private readonly transaction: Transaction,
    private readonly invitations: InvitationsRepository,
    private readonly contexts: InviteContextLoader,
    private readonly seats: Seats,
    private readonly mails: InvitationMailsRepository,
    private readonly audit: AuditTrail,
  ) {}

  run(principal: OrgPrincipal, rights: InviteRights, invitationId: string): Promise<void> {
    return this.transaction.as(principal, () =>
      this.resend(principal, { invitationId, rights, operation: 'invite_user_to_org', hasEnded: false }),
    );
  }

  /**
   * An invitation with a grant for this workspace; the caller must be allowed to make all of it
   * (docs/contract/invitations.md#resending-by-workspace-admins).
   */
  inWorkspace(principal: WorkspacePrincipal, rights: InviteRights, invitationId: string): Promise<void> {
    if (!mayInviteNewPeople(rights)) throw new NewPeopleNotAllowed();
    return this.transaction.as(principal, async () => {
      const { hasEnded } = await this.invitations.getPendingGrant(principal, invitationId);
      const operation = 'add_members_to_workspace_batch';
      await this.resend(principal, { invitationId, rights, operation, hasEnded });
    });
  }

  private async resend(
    principal: OrgPrincipal,
    { invitationId, rights, operation, hasEnded }: ResentInvitation,
  ): Promise<void> {
    const invitation = await this.invitations.findPending(principal.orgId, invitationId);
    assertManageable(principal, invitation);
    const context = await this.contexts.load(principal, [emptyRow(invitation.email)], {
      rights,
      fromWorkspaceId: null,
      addsMembers: false,
    });
    const { org, facts } = context;
    if (!org.invitesEnabled) throw new InvitesDisabled();
    const problem = renewalProblem(invitation.email, facts);
    if (problem !== null) throw new InvitationExceedsRights(problem);
    if (hasEnded || (await this.invitations.renew(org.id, [invitationId])) === 0)
      throw new InvitedAccessEnded();
    if (!hasSeat(invitation.email, context)) await this.seats.assertWithinLimit(org); // an expired one has none
    await this.mails.queueAgain([invitationId]);
    const details = { renewed_invitation_ids: [invitationId] };
    await this.audit.record(principal, operation, [invitationId], { details });
  }
}
