import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Config } from '../../config/config.js';
import { Transaction } from '../../database/transaction.js';
import { AuditTrail } from '../audit/index.js';
import { OrgsService } from '../orgs/index.js';
import { InvitesDisabled } from './invitations.errors.js';
import { InvitationsRepository } from './invitations.repository.js';
import { InvitationMails } from './mail/invitation-mails.js';
import { assertManageable } from './manageable-invitation.js';

/**
 * Starts the time of an invitation anew, and mails it again; what it grants stays as it is. Not while nobody could accept
 * it: the mail would be an empty promise.
 */
@Injectable()
export class ResendInvitation {
  constructor(
    private readonly transaction: Transaction,
    private readonly orgs: OrgsService,
    private readonly invitations: InvitationsRepository,
    private readonly mails: InvitationMails,
    private readonly audit: AuditTrail,
    private readonly config: Config,
  ) {}

  run(principal: OrgPrincipal, invitationId: string): Promise<void> {
    return this.transaction.runAs(principal, async () => {
      if (!(await this.orgs.get(principal.orgId)).invitesEnabled) throw new InvitesDisabled();
      assertManageable(principal, await this.invitations.findPending(principal.orgId, invitationId));
      await this.invitations.renew(principal.orgId, [invitationId], this.config.limits.invitationTtlDays);
      await this.mails.plan([invitationId]);
      await this.audit.record(principal, 'invite_user_to_org', [invitationId]);
    });
  }
}
