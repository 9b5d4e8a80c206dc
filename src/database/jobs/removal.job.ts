import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { PeriodicTask } from '../../common/background/periodic-task.js';
import { logFailure } from '../../common/errors/log-failure.js';
import { onListening } from '../../common/background/lifecycle.js';
import { Config } from '../../config/config.js';
import type { Sweep } from './sweep.statements.js';
import { Sql } from '../transactions/sql.js';

/** Handles one batch; true if there may be more. */
type RemoveBatch = () => Promise<boolean>;

/**
 * Deletes rows that are past their retention, in batches, while the server listens. Each module adds its tables. All
 * replicas run it at the same time: a batch skips rows that another replica has locked.
 */
@Injectable()
export class RemovalJob implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(RemovalJob.name);
  private readonly removals: { what: string; removeBatch: RemoveBatch }[] = [];
  private readonly task = new PeriodicTask('remove what is past its retention', () => this.run());
  private isStopping = false;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly sql: Sql,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    onListening(this.adapter, () => this.task.start(this.config.retention.intervalSeconds * 1000));
  }

  /** Waits for the running batch. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.task.stop();
  }

  /** @param what completes "could not remove ..." in the log */
  add(what: string, removeBatch: RemoveBatch): void {
    this.removals.push({ what, removeBatch });
  }

  addSweep(what: string, sweep: Sweep): void {
    this.add(what, async () => (await this.sql.affected(sweep, [])) === sweep.limit);
  }

  /** A failed removal is logged and does not keep the others from running. */
  private async run(): Promise<void> {
    for (const { what, removeBatch } of this.removals) {
      try {
        while (!this.isStopping && (await removeBatch()));
      } catch (error) {
        logFailure(this.log, `could not remove ${what}`, error);
      }
    }
  }
}
