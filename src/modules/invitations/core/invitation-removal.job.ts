import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../common/event-bus.js';
import { Config } from '../../../config/config.js';
import { RemovalJob } from '../../../database/jobs/removal.job.js';
import { sweep } from '../../../database/jobs/sweep.statements.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { WorkspaceDeleted } from '../../workspaces/index.js';
import { InvitationsRepository } from './invitations.repository.js';
import { OldInvitationsRepository } from './old-invitations.repository.js';

/** Of one organization in one transaction, so that its roster lock is held shortly. */
const BATCH = 500;

/**
 * Counts expired invitations out of the seats, and removes old ones (docs/decisions/0052). Under the roster lock, which
 * every change of the counts takes first. Accepted invitations stay: they explain a member's access. Also ends
 * the invitations that only a deleted workspace had created.
 */
@Injectable()
export class InvitationRemovalJob implements OnModuleInit {
  constructor(
    private readonly removals: RemovalJob,
    private readonly invitations: InvitationsRepository,
    private readonly oldInvitations: OldInvitationsRepository,
    private readonly transaction: Transaction,
    private readonly events: EventBus,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.events.on(WorkspaceDeleted, ({ orgId }) => this.invitations.endEmpty(orgId));
    const days = this.config.retention.invitationDays;
    this.removals.add('expired invitations from the seats', () => this.countOutBatch());
    if (days === 0) return;
    this.removals.add('expired invitations', () => this.removeBatch(days));
    this.removals.addSweep('ended invitations', sweep('invitations', endedBefore(days)));
  }

  private async countOutBatch(): Promise<boolean> {
    const orgId = await this.oldInvitations.findOrgToCountOut();
    if (orgId === null) return false;
    await this.transaction.inOrganization(orgId, () => this.invitations.countOutExpired(orgId, BATCH));
    return true;
  }

  private async removeBatch(days: number): Promise<boolean> {
    const orgId = await this.oldInvitations.findOrgToRemoveFrom(days);
    if (orgId === null) return false;
    await this.transaction.inOrganization(orgId, () => this.oldInvitations.removeExpired(orgId, days, BATCH));
    return true;
  }
}

const endedBefore = (days: number) => ({
  key: 'id',
  time: 'ended_at',
  daysLater: days,
  where: `status in ('declined', 'revoked')`,
});
