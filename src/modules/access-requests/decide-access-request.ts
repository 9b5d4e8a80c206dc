import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { type AuditDetails, AuditTrail } from '../audit/index.js';
import { AccessRequestsService } from './access-requests.service.js';
import { AccessRequestMailsRepository } from './core/access-request-mails.repository.js';
import type { ListedAccessRequest } from './core/access-requests.read-model.js';
import { AccessRequestsRepository, type Decision } from './core/access-requests.repository.js';
import { AccessRequestClosed, AccessRequestNotFound, OwnAccessRequest } from './core/errors.js';

/** Who decides a request, and how it is declined or withdrawn (docs/contract/access-requests.md#deciding). */
@Injectable()
export class DecideAccessRequest {
  constructor(
    private readonly seen: AccessRequestsService,
    private readonly requests: AccessRequestsRepository,
    private readonly mails: AccessRequestMailsRepository,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** By the requester. @throws AccessRequestNotFound or AccessRequestClosed */
  withdraw(principal: OrgPrincipal, id: string): Promise<void> {
    return this.transaction.as(principal, async () => {
      const { request, isOwn } = await this.seen.get(principal, id);
      if (!isOwn) throw new AccessRequestNotFound();
      if (!(await this.requests.decide(id, { state: 'withdrawn', decidedByUserId: null })))
        throw new AccessRequestClosed();
      const { workspaceId } = request;
      await this.audit.record(principal, 'withdraw_access_request', [id], { workspaceId });
    });
  }

  /** @throws the errors of `getOpen` */
  decline(principal: OrgPrincipal, id: string, declineReason: string): Promise<void> {
    return this.transaction.as(principal, async () => {
      const request = await this.getOpen(principal, id);
      const decision = { state: 'declined', decidedByUserId: principal.userId, declineReason } as const;
      await this.close(principal, request, decision, 'decline_access_request', {});
    });
  }

  /** Under the roster lock. @throws AccessRequestNotFound, OwnAccessRequest or AccessRequestClosed */
  async getOpen(principal: OrgPrincipal, id: string): Promise<ListedAccessRequest> {
    const { madeByUserId } = principal;
    const { request } = await this.seen.get(principal, id);
    if (madeByUserId === null || madeByUserId === request.requesterId) throw new OwnAccessRequest();
    if (request.state !== 'pending') throw new AccessRequestClosed();
    return request;
  }

  /** Records the decision. @throws AccessRequestClosed */
  async close(
    principal: OrgPrincipal,
    { id, requesterId, workspaceId }: ListedAccessRequest,
    decision: Decision,
    operation: 'approve_access_request' | 'decline_access_request',
    details: AuditDetails,
  ): Promise<void> {
    if (!(await this.requests.decide(id, decision))) throw new AccessRequestClosed();
    const scope = { workspaceId, resourceOwnerId: requesterId, details };
    await this.audit.record(principal, operation, [id], scope);
    await this.mails.queueForRequester(id, principal.orgId, requesterId);
  }
}
