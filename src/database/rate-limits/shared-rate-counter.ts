/** The hits of one key in its current minute. `unreported`: the part of `total` that other replicas do not know yet. */
type Count = { endsAt: number; total: number; unreported: number };

/** The total over all replicas. */
export type SharedCount = { hits: number; secondsLeft: number };

const MINUTE_MS = 60_000;
/** About 15 MB of memory; further keys are not counted until an entry expires. */
const MAX_KEYS = 100_000;

/**
 * Counts the hits of each key per minute in memory, adds the counts of other replicas, and refuses hits over the limit.
 * Less than a hundredth of the limit is not reported, since it is not worth a write.
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

  /** Null if the hit is allowed, else the seconds until a retry; refused hits do not count. */
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

  /** The unreported hits, each returned once. Expired entries are removed. */
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

  /** Applies the totals over all replicas; hits since `takeUnreported` are added to them. */
  applyTotals(totals: ReadonlyMap<string, SharedCount>): void {
    for (const [key, { hits, secondsLeft }] of totals) {
      const count = this.counts.get(key);
      if (!count) continue;
      count.total = hits + count.unreported;
      count.endsAt = this.now() + secondsLeft * 1000;
    }
  }
}
