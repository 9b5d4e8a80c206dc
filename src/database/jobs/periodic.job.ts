import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onListening } from '../../common/background/lifecycle.js';
import { PeriodicTask } from '../../common/background/periodic-task.js';
import { logFailure } from '../../common/errors/log-failure.js';
import { Transaction } from '../transactions/transaction.js';

/** Ends early when the signal is aborted. */
type Work = (signal: AbortSignal) => Promise<void>;

type OrgWork<Item> = {
  readonly find: () => Promise<readonly Item[]>;
  /** In a transaction with the roster lock; true if there may be more. */
  readonly runBatch: (item: Item) => Promise<boolean>;
};

/** Does work at intervals while the server listens, on every replica. Modules add theirs while they are initialized. */
@Injectable()
export class PeriodicJob implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(PeriodicJob.name);
  private readonly tasks: { readonly task: PeriodicTask; readonly intervalMs: number }[] = [];
  private readonly abort = new AbortController();

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly transaction: Transaction,
  ) {}

  onModuleInit(): void {
    onListening(this.adapter, () => {
      for (const { task, intervalMs } of this.tasks) task.start(intervalMs);
    });
  }

  /** Waits for what is running. All work runs once more, with the signal aborted, to store what it still holds. */
  async beforeApplicationShutdown(): Promise<void> {
    this.abort.abort();
    await Promise.all(this.tasks.map(({ task }) => task.stop()));
  }

  /** @param what completes "could not ..." in the log */
  add(what: string, intervalMs: number, work: Work): void {
    this.tasks.push({ task: new PeriodicTask(what, () => work(this.abort.signal)), intervalMs });
  }

  /** A failure in one organization is logged, and does not keep the others waiting. */
  addForOrgs<Item extends { readonly orgId: string }>(
    what: string,
    intervalMs: number,
    { find, runBatch }: OrgWork<Item>,
  ): void {
    this.add(what, intervalMs, async (signal) => {
      for (const item of signal.aborted ? [] : await find())
        try {
          const batch = () => this.transaction.inOrganization(item.orgId, () => runBatch(item));
          while (!signal.aborted && (await batch()));
        } catch (error) {
          logFailure(this.log, `could not ${what} in an organization`, error);
        }
    });
  }
}
