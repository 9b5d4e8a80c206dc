import { Logger } from '@nestjs/common';
import { logFailure } from '../errors/log-failure.js';

/** Runs work at an interval, never twice at once. A failed run is logged, and the next one runs as scheduled. */
export class PeriodicTask {
  private readonly log = new Logger(PeriodicTask.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;

  /** @param description completes "could not ..." in the log */
  constructor(
    private readonly description: string,
    private readonly work: () => Promise<void>,
  ) {}

  start(intervalMs: number): void {
    this.timer = setInterval(() => void this.runOnce(), intervalMs).unref();
  }

  /** Runs the work before its time, unless a run is in progress. */
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
    await this.runOnce();
  }

  private runOnce(): Promise<void> {
    this.running ??= this.work()
      .catch((error: unknown) => logFailure(this.log, `could not ${this.description}`, error))
      .finally(() => (this.running = null));
    return this.running;
  }
}
