import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onListening } from '../../common/background/lifecycle.js';
import { PeriodicTask } from '../../common/background/periodic-task.js';
import { unique } from '../../common/collections.js';
import { logFailure } from '../../common/errors/log-failure.js';
import { Config } from '../../config/config.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { EndedMemberships } from '../members/index.js';
import { UserGroupEnds } from './core/user-group-ends.js';

const MAX_ORGS = 1000;
/** Of each kind, in one transaction. */
const BATCH = 500;

/**
 * Removes what has ended, of memberships and of user groups, every minute. Each server looks for it; under the roster
 * lock, one of them does it. Nothing waits for it: what has ended gives nothing already.
 */
@Injectable()
export class TidyEndedAccessJob implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(TidyEndedAccessJob.name);
  private readonly task = new PeriodicTask('remove access that has ended', () => this.tidy());
  private isStopping = false;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly memberships: EndedMemberships,
    private readonly groups: UserGroupEnds,
    private readonly transaction: Transaction,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    const seconds = Math.min(60, this.config.retention.intervalSeconds);
    onListening(this.adapter, () => this.task.start(seconds * 1000));
  }

  /** Waits for the batch that is being removed. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.task.stop();
  }

  private async tidy(): Promise<void> {
    const found = [await this.memberships.listOrgs(MAX_ORGS), await this.groups.listOrgs(MAX_ORGS)];
    for (const orgId of unique(found.flat())) await this.tidyOrg(orgId);
  }

  /** A failure in one organization is logged, and does not keep the others waiting. */
  private async tidyOrg(orgId: string): Promise<void> {
    try {
      let mayHaveMore = true;
      while (mayHaveMore && !this.isStopping)
        mayHaveMore = await this.transaction.inOrganization(orgId, async () => {
          const more = await this.memberships.tidy(orgId, BATCH);
          return (await this.groups.tidy(orgId, BATCH)) || more;
        });
    } catch (error) {
      logFailure(this.log, 'could not remove access that has ended in an organization', error);
    }
  }
}
