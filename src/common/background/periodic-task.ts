import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { logFailure } from '../errors/log-failure.js';

const SHORT_MS = 25;

/** Runs work at an interval, never twice at once. A failed run is logged, and the next one runs as scheduled. */
export class PeriodicTask {
  private readonly log = new Logger(PeriodicTask.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private restUntil = 0;

  /**
   * @param description completes "could not ..." in the log
   * @param mostShare of the time; after a run that took long, the task rests accordingly
   */
  constructor(
    private readonly description: string,
    private readonly work: () => Promise<void>,
    private readonly options: { readonly mostShare: number } = { mostShare: 1 },
  ) {}

  start(intervalMs: number): void {
    this.timer = setInterval(() => void this.runOnce(), intervalMs).unref();
  }

  /** Runs the work before its time, unless a run is in progress or the task rests. */
  trigger(): void {
    void this.runOnce();
  }

  /** Does not wait for a run in progress. */
  cancel(): void {
    clearInterval(this.timer);
  }

  /** Waits for a run in progress and runs once more, so that pending work is not lost. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
    this.restUntil = 0;
    await this.runOnce();
  }

  private runOnce(): Promise<void> {
    const begunAt = performance.now();
    if (!this.running && begunAt < this.restUntil) return Promise.resolve();
    this.running ??= this.work()
      .catch((error: unknown) => logFailure(this.log, `could not ${this.description}`, error))
      .finally(() => {
        this.running = null;
        this.rest(performance.now() - begunAt);
      });
    return this.running;
  }

  private rest(tookMs: number): void {
    if (tookMs > SHORT_MS) this.restUntil = performance.now() + tookMs * (1 / this.options.mostShare - 1);
  }
}

const INTERVAL_MS = 500;
/** How often it is checked whether the clock was set back. */
const BRING_FORWARD_MS = 5_000;
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
