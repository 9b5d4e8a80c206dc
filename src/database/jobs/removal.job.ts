import { Injectable, Logger } from '@nestjs/common';
import { logFailure } from '../../common/errors/log-failure.js';
import { Config } from '../../config/config.js';
import { Sql } from '../transactions/sql.js';
import { PeriodicJob } from './periodic.job.js';
import type { Sweep } from './sweep.statements.js';

/** Handles one batch; true if there may be more. */
type RemoveBatch = () => Promise<boolean>;

/**
 * Deletes rows that are past their retention, in batches. Each module adds its tables. All replicas run it at the same time: a
 * batch skips rows that another replica has locked.
 */
@Injectable()
export class RemovalJob {
  private readonly log = new Logger(RemovalJob.name);
  private readonly removals: { what: string; removeBatch: RemoveBatch }[] = [];

  constructor(
    private readonly sql: Sql,
    periodic: PeriodicJob,
    { retention }: Config,
  ) {
    const intervalMs = retention.intervalSeconds * 1000;
    periodic.add('remove what is past its retention', intervalMs, (signal) => this.run(signal));
  }

  /** @param what completes "could not remove ..." in the log */
  add(what: string, removeBatch: RemoveBatch): void {
    this.removals.push({ what, removeBatch });
  }

  addSweep(what: string, sweep: Sweep): void {
    this.add(what, async () => (await this.sql.affected(sweep, [])) === sweep.limit);
  }

  /** A failed removal is logged and does not keep the others from running. */
  private async run(signal: AbortSignal): Promise<void> {
    for (const { what, removeBatch } of this.removals) {
      try {
        while (!signal.aborted && (await removeBatch()));
      } catch (error) {
        logFailure(this.log, `could not remove ${what}`, error);
      }
    }
  }
}
