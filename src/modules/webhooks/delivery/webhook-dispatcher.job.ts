import { setTimeout as pause } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { onListening } from '../../../common/background/lifecycle.js';
import { PeriodicTask } from '../../../common/background/periodic-task.js';
import { logFailure } from '../../../common/errors/log-failure.js';
import { Horizon, LogCursorsRepository } from '../../events/index.js';
import { DeliverNewEvents } from './deliver-new-events.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { RetryEvents } from './retry-events.js';

const INTERVAL_MS = 500;
/** Of a connection to the database, for the search: it takes longer with each webhook. */
const MOST_SHARE = 0.1;
/** As long as running jobs of the queue get. */
const STOP_WITHIN_MS = 8_000;
/** To which this process sends new events at a time, and as many again to which it repeats some. The others are next. */
const MOST_WEBHOOKS = 100;

/**
 * Sends events to webhooks (docs/decisions/0105). Each process that listens looks for what is due, and does as much as it
 * claims; no webhook waits for another.
 */
@Injectable()
export class WebhookDispatcherJob implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(WebhookDispatcherJob.name);
  private readonly task = new PeriodicTask('look for events for webhooks', () => this.dispatch(), {
    mostShare: MOST_SHARE,
  });
  private readonly running = new Set<Promise<unknown>>();
  /** Webhooks to which this process sends events again at present. */
  private readonly retrying = new Set<string>();
  private claims = 0;
  private isStopping = false;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly horizon: Horizon,
    private readonly cursors: LogCursorsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly newEvents: DeliverNewEvents,
    private readonly retries: RetryEvents,
  ) {}

  onModuleInit(): void {
    onListening(this.adapter, () => this.task.start(INTERVAL_MS));
  }

  /** Waits for requests that have begun, but not for slow receivers: what they get is sent again by another process. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.task.stop();
    await Promise.race([Promise.all(this.running), pause(STOP_WITHIN_MS, null, { ref: false })]);
  }

  private async dispatch(): Promise<void> {
    if (this.isStopping || !(await this.cursors.exist('webhook'))) return;
    await this.startNew();
    await this.startRetries();
  }

  private async startNew(): Promise<void> {
    const free = MOST_WEBHOOKS - this.claims;
    if (free <= 0) return;
    const { horizon } = await this.horizon.observe();
    for (const claim of await this.cursors.claim('webhook', horizon, free)) {
      this.claims += 1;
      this.start(
        () => this.newEvents.run(claim, horizon),
        () => (this.claims -= 1),
      );
    }
  }

  private async startRetries(): Promise<void> {
    const free = MOST_WEBHOOKS - this.retrying.size;
    if (free <= 0) return;
    const claimed = await this.deliveries.claimDue([...this.retrying], free);
    for (const [webhookId, due] of Map.groupBy(claimed, (one) => one.webhookId)) {
      this.retrying.add(webhookId);
      this.start(
        () => this.retries.run(due).then(() => true),
        () => this.retrying.delete(webhookId),
      );
    }
  }

  /** Looks for more at once if the work says so. */
  private start(work: () => Promise<boolean>, end: () => void): void {
    const run = work()
      .catch((error: unknown) => {
        if (!this.isStopping) logFailure(this.log, 'could not send events to a webhook', error);
        return false;
      })
      .finally(() => {
        this.running.delete(run);
        end();
      })
      .then((hasMore) => hasMore && !this.isStopping && this.task.trigger());
    this.running.add(run);
  }
}
