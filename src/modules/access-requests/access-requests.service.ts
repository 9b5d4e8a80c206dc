import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, UserPrincipal } from '../../common/access/principal.js';
import type { ListPage } from '../../common/lists/cursor-list.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail } from '../audit/index.js';
import {
  AccessRequestsReadModel,
  type DecidableTargets,
  type ListedAccessRequest,
  type RequestSelection,
} from './core/access-requests.read-model.js';
import { AccessRequestsRepository } from './core/access-requests.repository.js';
import { type AccessTarget, AccessTargets } from './core/access-targets.read-model.js';
import type { AccessRequestState } from './core/entities.js';
import { AccessRequestClosed, AccessRequestNotFound } from './core/errors.js';
import { DecidableRequests } from './deciding/decidable-requests.js';

export type DescribedAccessRequest = {
  readonly request: ListedAccessRequest;
  readonly isOwn: boolean;
  readonly canDecide: boolean;
};

export type RequestFilter = {
  readonly state: AccessRequestState | null;
  readonly mine: boolean;
  readonly toDecide: boolean;
};

const NOTHING: DecidableTargets = [];

/** Access requests as a caller sees them: their own, and those that they could grant. */
@Injectable()
export class AccessRequestsService {
  constructor(
    private readonly rows: AccessRequestsReadModel,
    private readonly requests: AccessRequestsRepository,
    private readonly targets: AccessTargets,
    private readonly decidable: DecidableRequests,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** Newest first. */
  async list(
    principal: OrgPrincipal,
    { state, mine, toDecide }: RequestFilter,
    page: ListPage,
  ): Promise<DescribedAccessRequest[]> {
    const { userId } = principal;
    if (toDecide && (mine || (state !== null && state !== 'pending'))) return [];
    const targets = mine ? NOTHING : await this.decidable.targetsOf(principal, null);
    const selection = {
      id: null,
      state: toDecide ? 'pending' : state,
      ownerId: toDecide ? null : userId,
      exceptOwnerId: toDecide ? userId : null,
    } as const;
    return this.read(principal, selection, targets, { before: page.after?.id ?? null, limit: page.limit });
  }

  /** @throws AccessRequestNotFound */
  async get(principal: OrgPrincipal, id: string): Promise<DescribedAccessRequest> {
    const targets = await this.decidable.targetsOf(principal, id);
    const selection = { id, state: null, ownerId: principal.userId, exceptOwnerId: null };
    const [found] = await this.read(principal, selection, targets, { before: null, limit: 1 });
    if (!found) throw new AccessRequestNotFound();
    return found;
  }

  /** By the requester. @throws AccessRequestNotFound or AccessRequestClosed */
  withdraw(principal: OrgPrincipal, id: string): Promise<void> {
    return this.transaction.as(principal, async () => {
      const { request, isOwn } = await this.get(principal, id);
      if (!isOwn) throw new AccessRequestNotFound();
      if (!(await this.requests.decide(id, { state: 'withdrawn', decidedByUserId: null })))
        throw new AccessRequestClosed();
      const { workspaceId } = request;
      await this.audit.record(principal, 'withdraw_access_request', [id], { workspaceId });
    });
  }

  /** By name. */
  listTargets({ orgId, userId }: OrgPrincipal & UserPrincipal, page: ListPage): Promise<AccessTarget[]> {
    return this.targets.list(orgId, userId, page);
  }

  private async read(
    principal: OrgPrincipal,
    selection: RequestSelection,
    targets: DecidableTargets,
    page: { readonly before: string | null; readonly limit: number },
  ): Promise<DescribedAccessRequest[]> {
    const { orgId, userId } = principal;
    const requests = await this.rows.list(orgId, selection, targets, page);
    return requests.map((request) => {
      const isOwn = request.requesterId === userId;
      const canDecide = request.state === 'pending' && !isOwn;
      return { request, isOwn, canDecide };
    });
  }
}
