import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onListening } from '../../common/background/lifecycle.js';
import { PeriodicTask } from '../../common/background/periodic-task.js';
import { logFailure } from '../../common/errors/log-failure.js';
import { Config } from '../../config/config.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { ExpiryMailJob } from './expiry-mail.job.js';
import { ExpiryMailsRepository } from './expiry-mails.repository.js';

/**
 * Queues mails about keys and tokens that expire soon, if a mail server is configured. Each server looks for what is due;
 * one of them queues it.
 */
@Injectable()
export class DueExpiriesJob implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(DueExpiriesJob.name);
  private readonly task = new PeriodicTask('queue mails about expiries', () => this.queueDue());
  private isStopping = false;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly mails: ExpiryMailsRepository,
    private readonly job: ExpiryMailJob,
    private readonly transaction: Transaction,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    if (this.job.isConfigured)
      onListening(this.adapter, () => this.task.start(this.config.retention.intervalSeconds * 1000));
  }

  /** Waits for the organization that is dealt with. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.task.stop();
  }

  /** A failure in one organization is logged, and does not keep the others waiting. */
  private async queueDue(): Promise<void> {
    if (this.isStopping) return;
    for (const due of await this.mails.findDue()) {
      if (this.isStopping) return;
      try {
        await this.transaction.inOrganization(due.orgId, async () =>
          this.job.enqueue(await this.mails.insertMails(due)),
        );
      } catch (error) {
        logFailure(this.log, 'could not queue mails about expiries of an organization', error);
      }
    }
  }
}
