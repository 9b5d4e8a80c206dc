import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onListening } from '../../common/background/lifecycle.js';
import { PeriodicTask } from '../../common/background/periodic-task.js';
import { chunks, first } from '../../common/collections.js';
import { logFailure } from '../../common/errors/log-failure.js';
import { Config } from '../../config/config.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail, operatorIn } from '../audit/index.js';
import { ExpiryMailJob } from './expiry-mail.job.js';
import { type Claimed, type DueInOrg, ExpiryMailsRepository } from './expiry-mails.repository.js';

const MOST_OF_AN_ENTRY = 100;

/**
 * Records which keys and tokens expire soon, and queues mails about them and about memberships that end soon if a mail server
 * is configured. Each server looks for what is due; one of them deals with it.
 */
@Injectable()
export class DueExpiriesJob implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(DueExpiriesJob.name);
  private readonly task = new PeriodicTask('tell what expires or ends soon', () => this.queueDue());
  private isStopping = false;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly mails: ExpiryMailsRepository,
    private readonly job: ExpiryMailJob,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    onListening(this.adapter, () => this.task.start(this.config.retention.intervalSeconds * 1000));
  }

  /** Waits for the organization that is dealt with. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.task.stop();
  }

  private async queueDue(): Promise<void> {
    if (this.isStopping) return;
    const options = { withMails: this.job.isConfigured };
    await this.inEachOrg(await this.mails.findDue(options), async (due) => {
      const { mailIds, expiring } = await this.mails.claim(due, options);
      await this.job.enqueue(mailIds);
      await this.record(due.orgId, expiring);
    });
    if (this.isStopping || !options.withMails) return;
    await this.inEachOrg(await this.job.findDueEnds(), (due) => this.job.enqueueEnds(due));
  }

  /** A failure in one organization is logged, and does not keep the others waiting. */
  private async inEachOrg(dues: readonly DueInOrg[], queue: (due: DueInOrg) => Promise<void>): Promise<void> {
    for (const due of dues) {
      if (this.isStopping) return;
      try {
        await this.transaction.inOrganization(due.orgId, () => queue(due));
      } catch (error) {
        logFailure(this.log, 'could not tell what of an organization expires or ends soon', error);
      }
    }
  }

  private async record(orgId: string, expiring: Claimed['expiring']): Promise<void> {
    const groups = Map.groupBy(expiring, ({ kind, days }) => `${kind} ${days}`).values();
    const parts = [...groups].flatMap((group) => chunks(group, MOST_OF_AN_ENTRY));
    await this.audit.recordAll(
      parts.map((part) => {
        const { kind, days } = first(part);
        return {
          actor: operatorIn(orgId),
          operation: 'announce_credential_expiry' as const,
          resourceIds: part.map(({ id }) => id),
          scope: { orgId, details: { credential_kind: kind, days } },
        };
      }),
    );
  }
}
