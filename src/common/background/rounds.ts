import { Logger } from '@nestjs/common';
import { logFailure } from '../errors/log-failure.js';

/** What a server does again and again beside its requests, one round at a time. After one that failed the next tries again. */
export class Rounds {
  private readonly log = new Logger(Rounds.name);
  private timer: NodeJS.Timeout | undefined;
  private underway: Promise<void> | null = null;

  /** `what` it is, for the log: "could not ...". */
  constructor(
    private readonly what: string,
    private readonly round: () => Promise<void>,
  ) {}

  start(everyMs: number): void {
    this.timer = setInterval(() => void this.next(), everyMs).unref();
  }

  /** The round under way is not waited for. */
  cancel(): void {
    clearInterval(this.timer);
  }

  /** The round under way ends first, and one more follows: nothing that was held is lost. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.underway;
    await this.next();
  }

  private next(): Promise<void> {
    this.underway ??= this.round()
      .catch((error: unknown) => logFailure(this.log, `could not ${this.what}`, error))
      .finally(() => (this.underway = null));
    return this.underway;
  }
}
