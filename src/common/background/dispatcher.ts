import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';
import { logFailure } from '../errors/log-failure.js';
import { BRING_FORWARD_MS, PeriodicTask } from './periodic-task.js';

const INTERVAL_MS = 500;
/** The share of time that searches may take: they hold a connection, and take longer with each receiver. */
const MOST_SHARE = 0.1;

/** `search` and `work` complete "could not ..." in the log. */
type DispatcherOptions = { readonly search: string; readonly work: string; readonly stopWithinMs: number };

/** Searches for work while the server listens, and starts what it finds. No work waits for another. */
export abstract class Dispatcher {
  private readonly task: PeriodicTask;
  private readonly forward: PeriodicTask;
  private readonly running = new Set<Promise<unknown>>();
  private isStopping = false;

  protected constructor(
    protected readonly log: Logger,
    private readonly options: DispatcherOptions,
  ) {
    const taskOf = (work: () => Promise<void>) => {
      const unlessStopping = () => (this.isStopping ? Promise.resolve() : work());
      return new PeriodicTask(options.search, unlessStopping, { mostShare: MOST_SHARE });
    };
    this.task = taskOf(() => this.search());
    this.forward = taskOf(() => this.bringForward());
  }

  listen(): void {
    this.task.start(INTERVAL_MS);
    this.forward.start(BRING_FORWARD_MS);
  }

  /** Waits for requests that have begun, but not for slow receivers: what they get is sent again by another process. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all([this.task.stop(), this.forward.stop()]);
    await Promise.race([Promise.all(this.running), pause(this.options.stopWithinMs, null, { ref: false })]);
  }

  /** Starts what is due. */
  protected abstract search(): Promise<void>;

  /** Makes due what a clock that was set back would delay. */
  protected abstract bringForward(): Promise<void>;

  /** Searches again at once if the work says so. */
  protected start(work: Promise<boolean>, end: () => void): void {
    const run = work
      .catch((error: unknown) => {
        if (!this.isStopping) logFailure(this.log, `could not ${this.options.work}`, error);
        return false;
      })
      .finally(() => {
        this.running.delete(run);
        end();
      })
      .then((searchAgain) => searchAgain && !this.isStopping && this.task.trigger());
    this.running.add(run);
  }
}
