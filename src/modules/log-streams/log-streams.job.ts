import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { DispatcherJob } from '../../common/background/dispatcher.job.js';
import { Metrics } from '../../common/metrics/metrics.js';
import { type EntryAt, Horizon, LogCursorsRepository } from '../events/index.js';
import { LATE_STREAMS, LogStreamsRepository } from './log-streams.repository.js';
import { SendBatch } from './send-batch.js';

const GAUGES = {
  log_streams_failing: 'Enabled log streams whose last request failed',
  log_streams_lag_seconds: 'Age of the oldest entry of the audit log that has not arrived at a log stream',
};

const FOLLOW_EVERY_MS = 600_000;
/** In this process. Those of other streams are left to the next time, or to other processes. */
const MOST_BATCHES = 20;
const STOP_WITHIN_MS = 3000;

/** Looks for log streams with something to send, while there are any. They do not wait for each other. */
@Injectable()
export class LogStreamsJob extends DispatcherJob {
  private batchesRunning = 0;
  private nextFollowing = 0;

  constructor(
    adapter: HttpAdapterHost,
    private readonly horizon: Horizon,
    private readonly cursors: LogCursorsRepository,
    private readonly batches: SendBatch,
    private readonly streams: LogStreamsRepository,
    private readonly metrics: Metrics,
  ) {
    const texts = { search: 'look for entries for log streams', work: 'send a batch of a log stream' };
    super(adapter, { ...texts, stopWithinMs: STOP_WITHIN_MS });
  }

  override onModuleInit(): void {
    super.onModuleInit();
    this.metrics.addDatabaseGauges(GAUGES, async () => {
      const { failing, seconds } = await this.streams.getLag();
      return { log_streams_failing: failing, log_streams_lag_seconds: seconds };
    });
  }

  /** If a batch fails, its claim ends by itself. */
  protected async find(): Promise<void> {
    const free = MOST_BATCHES - this.batchesRunning;
    if (free <= 0 || !(await this.cursors.exist('log_stream'))) return;
    const { horizon } = await this.horizon.observe();
    await this.follow(horizon);
    for (const claim of await this.cursors.claim('log_stream', horizon, free)) {
      this.batchesRunning += 1;
      const run = this.batches.run(claim).then(() => true);
      this.start(run, () => (this.batchesRunning -= 1));
    }
  }

  protected bringForward(): Promise<void> {
    return this.cursors.bringForward(LATE_STREAMS);
  }

  private async follow(horizon: EntryAt): Promise<void> {
    const now = performance.now();
    if (now < this.nextFollowing) return;
    this.nextFollowing = now + FOLLOW_EVERY_MS;
    await this.cursors.follow('log_stream', horizon);
  }
}
