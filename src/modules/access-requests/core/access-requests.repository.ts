import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { sweep } from '../../../database/jobs/sweep.statements.js';
import { insertUnlessTaken } from '../../../database/transactions/constraint-violation.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AccessRequest } from './entities.js';
import { AccessRequestOpen } from './errors.js';

export type NewAccessRequest = Pick<
  AccessRequest,
  | 'id'
  | 'orgId'
  | 'requesterId'
  | 'workspaceId'
  | 'roleId'
  | 'fromRoleId'
  | 'userGroupId'
  | 'reason'
  | 'durationSeconds'
>;

export type Decision = Pick<AccessRequest, 'decidedByUserId'> &
  (
    | { readonly state: 'withdrawn' }
    | { readonly state: 'declined'; readonly declineReason: string }
    | ({ readonly state: 'approved' } & Pick<AccessRequest, 'decidedRoleId' | 'accessExpiresAt'>)
  );

/** `secondsUntilOldestIsADayOld`: of those of the last 24 hours. */
type Counts = { readonly open: number; readonly ofDay: number; readonly secondsUntilOldestIsADayOld: number };

/** Requests of a member that were not decided in time, so that they can ask again. $1 organization, $2 user. */
const EXPIRE: Statement = named('access_requests_expire')`
  update access_requests set state = 'expired'
  where org_id = $1 and requester_id = $2 and state = 'pending' and expires_at <= now()`;

/** $1 organization, $2 user. */
const COUNT: Statement = named('access_requests_count')`
  select count(*) filter (where state = 'pending' and expires_at > now())::int as open,
    count(*) filter (where created_at > now() - interval '24 hours')::int as "ofDay",
    coalesce(ceil(extract(epoch from
      min(created_at) filter (where created_at > now() - interval '24 hours') + interval '24 hours' - now())), 1)::int
      as "secondsUntilOldestIsADayOld"
  from access_requests where org_id = $1 and requester_id = $2`;

/** Only while it is open. $1 request, $2 state, $3 who, $4 role, $5 end of the access, $6 reason of a refusal. */
const DECIDE: Statement = named('access_requests_decide')`
  update access_requests set state = $2, decided_at = now(), decided_by_user_id = $3, decided_role_id = $4,
    access_expires_at = $5, decline_reason = $6
  where id = $1 and state = 'pending' and expires_at > now()`;

/** Long after they could be decided; the audit log has what was decided. */
const OLD = sweep('access_requests', { key: 'id', daysLater: 365 });

@Injectable()
export class AccessRequestsRepository {
  constructor(
    private readonly sql: Sql,
    private readonly transaction: Transaction,
    private readonly config: Config,
    removals: RemovalJob,
  ) {
    removals.addSweep('access requests', OLD);
  }

  /** @throws AccessRequestOpen */
  async insert(request: NewAccessRequest): Promise<void> {
    await this.sql.affected(EXPIRE, [request.orgId, request.requesterId]);
    const days = this.config.limits.accessRequestTtlDays;
    const row = { ...request, expiresAt: () => `now() + make_interval(days => ${days})` };
    const rows = this.transaction.manager.getRepository(AccessRequest);
    if (!(await insertUnlessTaken(rows, row))) throw new AccessRequestOpen();
  }

  countOf(orgId: string, requesterId: string): Promise<Counts> {
    return this.sql.one<Counts>(COUNT, [orgId, requesterId]);
  }

  /** False if it is not open any more. */
  async decide(id: string, decision: Decision): Promise<boolean> {
    const isApproved = decision.state === 'approved';
    const values = [
      id,
      decision.state,
      decision.decidedByUserId,
      isApproved ? decision.decidedRoleId : null,
      isApproved ? decision.accessExpiresAt : null,
      decision.state === 'declined' ? decision.declineReason : null,
    ];
    return (await this.sql.affected(DECIDE, values)) === 1;
  }
}
