import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
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

/** Renews an invitation that can be accepted, and mails it again; an expired one needs a free seat. Its grants stay. */
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

  /** See docs/contract/invitations.md#resending-by-workspace-admins. `workspaceId` null: at organization level. */
  async run(
    principal: OrgPrincipal,
    rights: InviteRights,
    invitationId: string,
    workspaceId: string | null,
  ): Promise<void> {
    const { orgId } = principal;
    if (!mayInviteNewPeople(rights)) throw new NewPeopleNotAllowed();
    await this.transaction.as(principal, async () => {
      const scope = workspaceId === null ? null : { orgId, workspaceId };
      const grant = scope && (await this.invitations.getPendingGrant(scope, invitationId));
      const invitation = await this.invitations.findPending(orgId, invitationId);
      assertManageable(principal, invitation);
      const origin = { rights, fromWorkspaceId: null, addsMembers: false };
      const context = await this.contexts.load(principal, [emptyRow(invitation.email)], origin);
      const { org, facts } = context;
      if (!org.invitesEnabled) throw new InvitesDisabled();
      const problem = renewalProblem(invitation.email, facts);
      if (problem !== null) throw new InvitationExceedsRights(problem);
      if (grant?.hasEnded || (await this.invitations.renew(orgId, [invitationId])) === 0)
        throw new InvitedAccessEnded();
      if (!hasSeat(invitation.email, context)) await this.seats.assertWithinLimit(org); // an expired one has none
      await this.mails.queueAgain([invitationId]);
      const operation = workspaceId === null ? 'invite_user_to_org' : 'add_members_to_workspace_batch';
      const details = { renewed_invitation_ids: [invitationId] };
      await this.audit.record(principal, operation, [invitationId], { details });
    });
  }
}
