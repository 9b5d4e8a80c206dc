import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onListening } from '../../common/background/lifecycle.js';
import { PeriodicTask } from '../../common/background/periodic-task.js';
import { logFailure } from '../../common/errors/log-failure.js';
import { Metrics } from '../../common/metrics/metrics.js';
import { Horizon, type LogClaim, LogCursorsRepository } from '../events/index.js';
import { LogStreamsRepository } from './log-streams.repository.js';
import { SendBatch } from './send-batch.js';

const GAUGES = {
  log_streams_failing: 'Enabled log streams whose last request failed',
  log_streams_lag_seconds: 'Age of the oldest entry of the audit log that has not arrived at a log stream',
};

const INTERVAL_MS = 500;
/** Of a connection to the database, for the search: it takes longer with each log stream. */
const MOST_SHARE = 0.1;
const FOLLOW_EVERY_MS = 600_000;
/** In this process. Those of other streams are left to the next time, or to other processes. */
const MOST_BATCHES = 20;
const STOP_WITHIN_MS = 3000;

/** Looks for log streams with something to send, while there are any. They do not wait for each other. */
@Injectable()
export class LogStreamsJob implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(LogStreamsJob.name);
  private readonly task = new PeriodicTask('look for entries for log streams', () => this.dispatch(), {
    mostShare: MOST_SHARE,
  });
  private readonly running = new Set<Promise<void>>();
  private nextFollowing = 0;
  private isStopping = false;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly horizon: Horizon,
    private readonly cursors: LogCursorsRepository,
    private readonly batches: SendBatch,
    private readonly streams: LogStreamsRepository,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    onListening(this.adapter, () => this.task.start(INTERVAL_MS));
    this.metrics.addDatabaseGauges(GAUGES, async () => {
      const { failing, seconds } = await this.streams.getLag();
      return { log_streams_failing: failing, log_streams_lag_seconds: seconds };
    });
  }

  /** Waits for requests that have begun, but not for slow receivers: what they get is sent again by another process. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.task.stop();
    await Promise.race([Promise.all(this.running), pause(STOP_WITHIN_MS, null, { ref: false })]);
  }

  private async dispatch(): Promise<void> {
    const free = MOST_BATCHES - this.running.size;
    if (this.isStopping || free <= 0 || !(await this.cursors.exist('log_stream'))) return;
    const { horizon } = await this.horizon.observe();
    await this.follow(horizon);
    for (const claim of await this.cursors.claim('log_stream', horizon, free)) this.start(claim, horizon);
  }

  private async follow(horizon: bigint): Promise<void> {
    const now = performance.now();
    if (now < this.nextFollowing) return;
    this.nextFollowing = now + FOLLOW_EVERY_MS;
    await this.cursors.follow('log_stream', horizon);
  }

  /** Then looks for the next batch. If it fails, the claim ends by itself. */
  private start(claim: LogClaim, horizon: bigint): void {
    const run = this.batches
      .run(claim, horizon)
      .catch((error: unknown) => {
        if (!this.isStopping) logFailure(this.log, 'could not send a batch of a log stream', error);
      })
      .finally(() => {
        this.running.delete(run);
        if (!this.isStopping) this.task.trigger();
      });
    this.running.add(run);
  }
}
