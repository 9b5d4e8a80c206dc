/** How long a replica uses what it caches after it has asked the database for changes. */
export const LEASE_MS = 100;

/** A point in time by both clocks of the process, in milliseconds. */
export type Instant = { readonly monotonicMs: number; readonly wallMs: number };

const read = (): Instant => ({ monotonicMs: performance.now(), wallMs: Date.now() });

/**
 * The time in which cached access may be used. The monotonic clock continues while the process is paused, but may stand
 * still while the machine sleeps; the wall clock does not, but may be set. Both must agree.
 */
export class Lease {
  private begun: Instant | null = null;
  private databaseSeconds = 0;

  constructor(private readonly clock: () => Instant = read) {}

  now(): Instant {
    return this.clock();
  }

  /**
   * @param asked before the question was sent
   * @param databaseSeconds the database's time in the response, in seconds since the Unix epoch
   */
  grant(asked: Instant, databaseSeconds: number): void {
    this.begun = asked;
    this.databaseSeconds = databaseSeconds;
  }

  end(): void {
    this.begun = null;
  }

  get isValid(): boolean {
    if (!this.begun) return false;
    const { monotonicMs, wallMs } = this.clock();
    const elapsed = [monotonicMs - this.begun.monotonicMs, wallMs - this.begun.wallMs];
    return elapsed.every((ms) => ms >= 0 && ms < LEASE_MS);
  }

  /** Since the question that began it; null without one. */
  get ageMs(): number | null {
    return this.begun && this.clock().monotonicMs - this.begun.monotonicMs;
  }

  /** While valid: the database's time is not later than this, in seconds since the Unix epoch. */
  get latestDatabaseSeconds(): number {
    return this.databaseSeconds + (this.ageMs ?? 0) / 1000;
  }
}
