import { Logger } from '@nestjs/common';
import { logFailure } from '../errors/log-failure.js';

const SHORT_MS = 25;
/** How often it is checked whether the clock was set back. */
export const BRING_FORWARD_MS = 5_000;

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
