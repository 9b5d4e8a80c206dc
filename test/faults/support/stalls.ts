const EVERY_MS = 10;

/** Measures how long this process waits for a processor: limits of time have to allow for what delays everything. */
export class Stalls {
  /** So far. */
  ms = 0;
  private last = performance.now();
  private readonly timer = setInterval(() => this.tick(), EVERY_MS);

  stop(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const now = performance.now();
    this.ms += Math.max(0, now - this.last - 2 * EVERY_MS);
    this.last = now;
  }
}
