import type { Logger } from '@nestjs/common';

const SECOND_MS = 1000;

/**
 * Limits warnings that anonymous requests can cause: a message is written at once, and then at most once in a window (a second) with
 * the number of repetitions. Callers use a fixed set of messages, since one entry is kept for each.
 */
export class LimitedLog {
  /** Repetitions of each message since it was last written. */
  private readonly repeats = new Map<string, number>();

  constructor(
    private readonly log: Logger,
    private readonly windowMs = SECOND_MS,
  ) {}

  warn(message: string): void {
    const repeats = this.repeats.get(message);
    if (repeats !== undefined) return void this.repeats.set(message, repeats + 1);
    this.log.warn(message);
    this.openWindow(message);
  }

  private openWindow(message: string): void {
    this.repeats.set(message, 0);
    setTimeout(() => this.closeWindow(message), this.windowMs).unref();
  }

  private closeWindow(message: string): void {
    const repeats = this.repeats.get(message) ?? 0;
    this.repeats.delete(message);
    if (repeats === 0) return;
    this.log.warn(`${message} (${repeats} more)`);
    this.openWindow(message);
  }
}
