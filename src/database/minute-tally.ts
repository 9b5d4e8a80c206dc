/** What one credential (or anybody) did in its present minute. `unsent`: of `total`, what other processes do not know. */
type Count = { endsAt: number; total: number; unsent: number };

/** What all processes together have counted. */
export type SharedCount = { hits: number; secondsLeft: number };

const MINUTE_MS = 60_000;
/** Some 15 MB of memory; whoever comes beyond is not counted until somebody's minute is over. */
const MOST_COUNTED = 100_000;

/**
 * Counts in memory what each of many does in a minute, and with the others' counts it refuses what is too much. One
 * request costs a look into a map. A part of the limit that is not worth a write (a hundredth) is told nobody.
 */
export class MinuteTally {
  private readonly counts = new Map<string, Count>();
  private readonly worthTelling: number;

  constructor(
    private readonly perMinute: number,
    private readonly now = () => performance.now(),
  ) {
    this.worthTelling = Math.max(1, Math.floor(perMinute / 100));
  }

  /** Null, or in how many seconds to come back; what is refused does not count. */
  hit(who: string): number | null {
    const now = this.now();
    const count = this.counts.get(who);
    if (!count) {
      if (this.counts.size < MOST_COUNTED)
        this.counts.set(who, { endsAt: now + MINUTE_MS, total: 1, unsent: 1 });
      return null;
    }
    if (count.endsAt <= now) Object.assign(count, { endsAt: now + MINUTE_MS, total: 0, unsent: 0 });
    if (count.total >= this.perMinute) return Math.ceil((count.endsAt - now) / 1000);
    count.total += 1;
    count.unsent += 1;
    return null;
  }

  /** What the others should know, each hit once. Whose minute is over is forgotten. */
  takeNews(): Map<string, number> {
    const news = new Map<string, number>();
    const now = this.now();
    for (const [who, count] of this.counts) {
      if (count.endsAt <= now) this.counts.delete(who);
      else if (count.unsent >= this.worthTelling) {
        news.set(who, count.unsent);
        count.unsent = 0;
      }
    }
    return news;
  }

  /** What came of the news; hits since they were taken come on top. */
  learn(shared: ReadonlyMap<string, SharedCount>): void {
    for (const [who, { hits, secondsLeft }] of shared) {
      const count = this.counts.get(who);
      if (!count) continue;
      count.total = hits + count.unsent;
      count.endsAt = this.now() + secondsLeft * 1000;
    }
  }
}
