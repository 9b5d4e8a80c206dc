import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { AccessRequestsRepository } from '../core/access-requests.repository.js';
import { AccessRequestClosed } from '../core/errors.js';
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
    private readonly requests: AccessRequestsRepository,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
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
      if (!(await this.requests.decide(id, { ...decision, state: 'approved' })))
        throw new AccessRequestClosed();
      await this.audit.record(principal, 'approve_access_request', [id], {
        workspaceId: request.workspaceId,
        resourceOwnerId: request.requesterId,
        details: {
          ...(roleId === null ? {} : { role_id: roleId }),
          ...(request.userGroupId === null ? {} : { user_group_id: request.userGroupId }),
          ...(accessExpiresAt === null ? {} : { access_expires_at: accessExpiresAt.toISOString() }),
        },
      });
    });
  }
}
