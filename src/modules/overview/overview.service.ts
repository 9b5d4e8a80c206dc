import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { AccessRequestsService } from '../access-requests/index.js';
import { AuditCountsRepository } from '../audit/index.js';
import { ListCredentials } from '../credentials/index.js';
import { PendingMemberDirectory } from '../invitations/index.js';
import { MemberDirectory } from '../members/index.js';
import { mayGrantOrgAdmin } from '../roles/index.js';

const SOON_DAYS = 7;

/** Each number is null for callers who may not read the list that it counts (docs/contract/organizations.md#overview). */
@Injectable()
export class OverviewService {
  constructor(
    private readonly members: MemberDirectory,
    private readonly pending: PendingMemberDirectory,
    private readonly requests: AccessRequestsService,
    private readonly credentials: ListCredentials,
    private readonly log: AuditCountsRepository,
  ) {}

  async get(principal: OrgPrincipal) {
    const { orgId } = principal;
    const mayManage = principal.can('organization:manage');
    const [people, waitingForLink, accessRequests, credentials, failedSignIns, recent, days] =
      await Promise.all([
        this.members.countIn(orgId, SOON_DAYS),
        mayGrantOrgAdmin(principal) ? this.pending.countWaitingForLink(orgId) : null,
        this.requests.countToDecide(principal),
        mayManage ? this.credentials.countEnding(principal, SOON_DAYS) : null,
        mayManage ? this.log.listFailedToday(orgId) : null,
        mayManage ? this.log.listRecent(orgId) : null,
        mayManage ? this.log.listDays(orgId) : null,
      ]);
    return { people, waitingForLink, accessRequests, credentials, failedSignIns, recent, days };
  }
}
