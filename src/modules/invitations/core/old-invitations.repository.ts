import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../common/event-bus.js';
import { Config } from '../../../config/config.js';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { sweep } from '../../../database/jobs/sweep.statements.js';
import { named, Sql, type Statement } from '../../../database/transactions/sql.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { WorkspaceDeleted } from '../../workspaces/index.js';
import { InvitationsRepository } from './invitations.repository.js';

/** Of one organization in one transaction, so that its roster lock is held shortly. */
const BATCH = 500;

/** The organization whose expired invitation has waited longest. */
const ORG_TO_COUNT_OUT = named('invitations_org_to_count_out')`
  select org_id as "orgId" from invitations
  where status = 'pending' and takes_seat and expires_at <= now() order by expires_at limit 1`;

const ORG_TO_REMOVE_FROM = named('invitations_org_to_remove_from')`
  select org_id as "orgId" from invitations
  where status = 'pending' and not takes_seat and expires_at < now() - make_interval(days => $1)
  order by expires_at limit 1`;

const REMOVE_EXPIRED = named('invitations_remove_expired')`
  delete from invitations where id in (
    select id from invitations
    where org_id = $1 and status = 'pending' and not takes_seat and expires_at < now() - make_interval(days => $2)
    limit $3)`;

const ENDED_BEFORE = (days: number) =>
  sweep('invitations', {
    key: 'id',
    time: 'ended_at',
    daysLater: days,
    where: `status in ('declined', 'revoked')`,
  });

/**
 * Counts expired invitations out of the seats, removes old ones (docs/decisions/0052), and ends those of which a deleted
 * workspace was the last one. Accepted ones stay: they explain a member's access.
 */
@Injectable()
export class OldInvitationsRepository implements OnModuleInit {
  constructor(
    private readonly sql: Sql,
    private readonly removals: RemovalJob,
    private readonly invitations: InvitationsRepository,
    private readonly transaction: Transaction,
    private readonly events: EventBus,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.events.on(WorkspaceDeleted, ({ orgId }) => this.invitations.endEmpty(orgId));
    this.removals.add('expired invitations from the seats', () =>
      this.inOrgOf(ORG_TO_COUNT_OUT, [], (orgId) => this.invitations.countOutExpired(orgId, BATCH)),
    );
    const days = this.config.retention.invitationDays;
    if (days === 0) return;
    this.removals.add('expired invitations', () =>
      this.inOrgOf(ORG_TO_REMOVE_FROM, [days], (orgId) =>
        this.sql.affected(REMOVE_EXPIRED, [orgId, days, BATCH]),
      ),
    );
    this.removals.addSweep('ended invitations', ENDED_BEFORE(days));
  }

  /** In the organization that the statement finds, under its roster lock. False: it finds none. */
  private async inOrgOf(
    statement: Statement,
    values: readonly unknown[],
    work: (orgId: string) => Promise<unknown>,
  ): Promise<boolean> {
    const found = await this.sql.row<{ orgId: string }>(statement, values);
    if (found) await this.transaction.inOrganization(found.orgId, () => work(found.orgId));
    return found !== null;
  }
}
