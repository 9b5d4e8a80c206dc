import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { type AuditDetails, AuditTrail } from '../../audit/index.js';
import { AccessRequestsReadModel, type ListedAccessRequest } from '../core/access-requests.read-model.js';
import { AccessRequestsRepository, type Decision } from '../core/access-requests.repository.js';
import { AccessRequestClosed, AccessRequestNotFound, OwnAccessRequest } from '../core/errors.js';
import { AccessRequestMailsRepository } from '../mail/access-request-mails.repository.js';
import { DecidableRequests } from './decidable-requests.js';

type Approved = Extract<Decision, { state: 'approved' }>;
type Declined = Extract<Decision, { state: 'declined' }>;

/** Who decides a request, and how they decline it (docs/contract/access-requests.md#deciding). */
@Injectable()
export class DecideAccessRequest {
  constructor(
    private readonly list: AccessRequestsReadModel,
    private readonly requests: AccessRequestsRepository,
    private readonly decidable: DecidableRequests,
    private readonly mails: AccessRequestMailsRepository,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * A request that the caller may decide now. Under the roster lock.
   *
   * @throws AccessRequestNotFound, OwnAccessRequest or AccessRequestClosed
   */
  async getOpen(principal: OrgPrincipal, id: string): Promise<ListedAccessRequest> {
    const { orgId, userId, madeByUserId } = principal;
    const targets = await this.decidable.targetsOf(principal, id);
    const selection = { id, state: null, ownerId: userId, exceptOwnerId: null };
    const [request] = await this.list.list(orgId, selection, targets, { before: null, limit: 1 });
    if (!request) throw new AccessRequestNotFound();
    if (madeByUserId === null || madeByUserId === request.requesterId) throw new OwnAccessRequest();
    if (request.state !== 'pending') throw new AccessRequestClosed();
    return request;
  }

  /** @throws the errors of `getOpen` */
  decline(principal: OrgPrincipal, id: string, reason: string): Promise<void> {
    return this.transaction.as(principal, async () => {
      const request = await this.getOpen(principal, id);
      const decidedByUserId = principal.userId;
      await this.close(principal, request, { state: 'declined', decidedByUserId, declineReason: reason });
    });
  }

  /** Records the decision about a request of `getOpen`, in the same transaction. @throws AccessRequestClosed */
  async close(
    principal: OrgPrincipal,
    { id, requesterId, workspaceId }: ListedAccessRequest,
    decision: Approved | Declined,
    details: AuditDetails = {},
  ): Promise<void> {
    if (!(await this.requests.decide(id, decision))) throw new AccessRequestClosed();
    const operation = decision.state === 'approved' ? 'approve_access_request' : 'decline_access_request';
    await this.audit.record(principal, operation, [id], {
      workspaceId,
      resourceOwnerId: requesterId,
      details,
    });
    await this.mails.queueForRequester(id, principal.orgId, requesterId);
  }
}
