import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { type Approval, ApprovalTerms } from './approval-terms.js';
import { DecideAccessRequest } from './decide-access-request.js';
import { GiveRequestedAccess } from './give-requested-access.js';

/** Gives what was asked for, or less (docs/contract/access-requests.md#deciding). */
@Injectable()
export class ApproveAccessRequest {
  constructor(
    private readonly decisions: DecideAccessRequest,
    private readonly terms: ApprovalTerms,
    private readonly access: GiveRequestedAccess,
    private readonly transaction: Transaction,
  ) {}

  /**
   * @throws AccessRequestNotFound, OwnAccessRequest, AccessRequestClosed, AccessRequestOutdated, AccessManagedByProvider,
   *   AccessAlreadyHeld, ApprovalExceedsRequest, and the errors with which the access could not be given directly
   */
  run(principal: OrgPrincipal, id: string, approval: Approval): Promise<void> {
    return this.transaction.as(principal, async () => {
      const request = await this.decisions.getOpen(principal, id);
      const given = await this.terms.of(request, approval);
      const { roleId, accessExpiresAt } = given;
      await this.access.give(principal, request, given);
      const decision = { decidedByUserId: principal.userId, decidedRoleId: roleId, accessExpiresAt };
      const details = {
        ...(roleId === null ? {} : { role_id: roleId }),
        ...(request.userGroupId === null ? {} : { user_group_id: request.userGroupId }),
        ...(accessExpiresAt === null ? {} : { access_expires_at: accessExpiresAt.toISOString() }),
      };
      await this.decisions.close(principal, request, { ...decision, state: 'approved' }, details);
    });
  }
}
