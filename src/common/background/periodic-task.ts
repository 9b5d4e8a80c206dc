import { Logger } from '@nestjs/common';
import { logFailure } from '../errors/log-failure.js';

/** What a server does again and again beside its requests, one round at a time. After one that failed the next tries again. */
export class PeriodicTask {
  private readonly log = new Logger(PeriodicTask.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;

  /** `what` it is, for the log: "could not ...". */
  constructor(
    private readonly description: string,
    private readonly work: () => Promise<void>,
  ) {}

  start(intervalMs: number): void {
    this.timer = setInterval(() => void this.runOnce(), intervalMs).unref();
  }

  /** The round under way is not waited for. */
  cancel(): void {
    clearInterval(this.timer);
  }

  /** The round under way ends first, and one more follows: nothing that was held is lost. */
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
