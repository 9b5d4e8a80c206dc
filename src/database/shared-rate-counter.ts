/** What one credential (or anybody) did in its present minute. `unsent`: of `total`, what other processes do not know. */
type Count = { endsAt: number; total: number; unreported: number };

/** What all processes together have counted. */
export type SharedCount = { hits: number; secondsLeft: number };

const MINUTE_MS = 60_000;
/** Some 15 MB of memory; whoever comes beyond is not counted until somebody's minute is over. */
const MAX_KEYS = 100_000;

/**
 * Counts in memory what each of many does in a minute, and with the others' counts it refuses what is too much. One
 * request costs a look into a map. A part of the limit that is not worth a write (a hundredth) is told nobody.
 */
export class SharedRateCounter {
  private readonly counts = new Map<string, Count>();
  private readonly reportThreshold: number;

  constructor(
    private readonly perMinute: number,
    private readonly now = () => performance.now(),
  ) {
    this.reportThreshold = Math.max(1, Math.floor(perMinute / 100));
  }

  /** Null, or in how many seconds to come back; what is refused does not count. */
  hit(key: string): number | null {
    const now = this.now();
    const count = this.counts.get(key);
    if (!count) {
      if (this.counts.size < MAX_KEYS)
        this.counts.set(key, { endsAt: now + MINUTE_MS, total: 1, unreported: 1 });
      return null;
    }
    if (count.endsAt <= now) Object.assign(count, { endsAt: now + MINUTE_MS, total: 0, unreported: 0 });
    if (count.total >= this.perMinute) return Math.ceil((count.endsAt - now) / 1000);
    count.total += 1;
    count.unreported += 1;
    return null;
  }

  /** What the others should know, each hit once. Whose minute is over is forgotten. */
  takeUnreported(): Map<string, number> {
    const unreported = new Map<string, number>();
    const now = this.now();
    for (const [key, count] of this.counts) {
      if (count.endsAt <= now) this.counts.delete(key);
      else if (count.unreported >= this.reportThreshold) {
        unreported.set(key, count.unreported);
        count.unreported = 0;
      }
    }
    return unreported;
  }

  /** What came of the news; hits since they were taken come on top. */
  applyTotals(totals: ReadonlyMap<string, SharedCount>): void {
    for (const [key, { hits, secondsLeft }] of totals) {
      const count = this.counts.get(key);
      if (!count) continue;
      count.total = hits + count.unreported;
      count.endsAt = this.now() + secondsLeft * 1000;
    }
  }
}
