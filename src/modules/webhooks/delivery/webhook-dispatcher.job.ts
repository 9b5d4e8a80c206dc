import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { DispatcherJob } from '../../../common/background/dispatcher.job.js';
import { Horizon, LogCursorsRepository } from '../../events/index.js';
import { LATE_WEBHOOKS } from '../core/webhooks.repository.js';
import { DeliverNewEvents } from './deliver-new-events.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { RetryEvents } from './retry-events.js';

/** As long as running jobs of the queue get. */
const STOP_WITHIN_MS = 8_000;
/** To which this process sends new events at a time, and as many again to which it repeats some. The others are next. */
const MOST_WEBHOOKS = 100;

/**
 * Sends events to webhooks (docs/decisions/0105). Each process that listens looks for what is due, and does as much as it
 * claims; no webhook waits for another.
 */
@Injectable()
export class WebhookDispatcherJob extends DispatcherJob {
  /** Webhooks to which this process sends events again at present. */
  private readonly retrying = new Set<string>();
  private claims = 0;

  constructor(
    adapter: HttpAdapterHost,
    private readonly horizon: Horizon,
    private readonly cursors: LogCursorsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly newEvents: DeliverNewEvents,
    private readonly retries: RetryEvents,
  ) {
    const texts = { search: 'look for events for webhooks', work: 'send events to a webhook' };
    super(adapter, { ...texts, stopWithinMs: STOP_WITHIN_MS });
  }

  protected async find(): Promise<void> {
    if (!(await this.cursors.exist('webhook'))) return;
    await this.startNew();
    await this.startRetries();
  }

  protected async bringForward(): Promise<void> {
    await this.cursors.bringForward(LATE_WEBHOOKS);
    await this.deliveries.bringForward();
  }

  private async startNew(): Promise<void> {
    const free = MOST_WEBHOOKS - this.claims;
    if (free <= 0) return;
    const { horizon } = await this.horizon.observe();
    for (const claim of await this.cursors.claim('webhook', horizon, free)) {
      this.claims += 1;
      this.start(this.newEvents.run(claim), () => (this.claims -= 1));
    }
  }

  private async startRetries(): Promise<void> {
    const free = MOST_WEBHOOKS - this.retrying.size;
    if (free <= 0) return;
    const claimed = await this.deliveries.claimDue([...this.retrying], free);
    for (const [webhookId, due] of Map.groupBy(claimed, (one) => one.webhookId)) {
      this.retrying.add(webhookId);
      const run = this.retries.run(due).then(() => true);
      this.start(run, () => this.retrying.delete(webhookId));
    }
  }
}
