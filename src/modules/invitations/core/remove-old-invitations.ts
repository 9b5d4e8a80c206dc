import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { RemovalJob } from '../../../database/removal.job.js';
import { Sql } from '../../../database/sql.js';
import { sweep } from '../../../database/sweep.statements.js';
import { Transaction } from '../../../database/transaction.js';
import { InvitationsRepository } from './invitations.repository.js';

/** Of one organization in one transaction, so that its roster lock is held shortly. */
const BATCH = 500;

/** The organization whose expired invitation has waited longest. */
const ORG_TO_COUNT_OUT = {
  name: 'invitations_org_to_count_out',
  text: `
    select org_id as "orgId" from invitations
    where status = 'pending' and takes_seat and expires_at <= now() order by expires_at limit 1`,
};

const ORG_TO_REMOVE_FROM = {
  name: 'invitations_org_to_remove_from',
  text: `
    select org_id as "orgId" from invitations
    where status = 'pending' and not takes_seat and expires_at < now() - make_interval(days => $1)
    order by expires_at limit 1`,
};

const REMOVE_EXPIRED = {
  name: 'invitations_remove_expired',
  text: `
    delete from invitations where id in (
      select id from invitations
      where org_id = $1 and status = 'pending' and not takes_seat and expires_at < now() - make_interval(days => $2)
      limit $3)`,
};

/** A mail of an invitation that has ended is never due again. */
const REMOVE_MAILS_OF_ENDED = {
  name: 'invitation_mails_sweep',
  text: `
    delete from invitation_mails where invitation_id in (
      select m.invitation_id from invitation_mails m join invitations i on i.id = m.invitation_id
      where i.status <> 'pending' limit ${BATCH} for update of m skip locked)`,
};

/**
 * Counts expired invitations out of the seats, and removes old ones (docs/decisions/0052). Under the roster lock, which
 * every change of the counts takes first. Accepted invitations stay: they explain a member's access.
 */
@Injectable()
export class RemoveOldInvitations implements OnModuleInit {
  constructor(
    private readonly removals: RemovalJob,
    private readonly invitations: InvitationsRepository,
    private readonly transaction: Transaction,
    private readonly sql: Sql,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    const days = this.config.retention.invitationDays;
    this.removals.add('expired invitations from the seats', () => this.countOutBatch());
    this.removals.add('mails of ended invitations', async () => {
      return (await this.sql.affected(REMOVE_MAILS_OF_ENDED, [])) === BATCH;
    });
    if (days === 0) return;
    this.removals.add('expired invitations', () => this.removeBatch(days));
    this.removals.addSweep('ended invitations', sweep('invitations', endedBefore(days)));
  }

  private async countOutBatch(): Promise<boolean> {
    const due = await this.sql.row<{ orgId: string }>(ORG_TO_COUNT_OUT, []);
    if (!due) return false;
    await this.transaction.runInOrg(due.orgId, () => this.invitations.countOutExpired(due.orgId, BATCH));
    return true;
  }

  private async removeBatch(days: number): Promise<boolean> {
    const due = await this.sql.row<{ orgId: string }>(ORG_TO_REMOVE_FROM, [days]);
    if (!due) return false;
    await this.transaction.runInOrg(due.orgId, () =>
      this.sql.affected(REMOVE_EXPIRED, [due.orgId, days, BATCH]),
    );
    return true;
  }
}

const endedBefore = (days: number) => ({
  key: 'id',
  time: 'ended_at',
  daysLater: days,
  where: `status in ('declined', 'revoked')`,
});
