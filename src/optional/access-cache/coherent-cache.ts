import type { CacheSource } from '../../common/access/access-cache.js';
import type { AccessLease } from './access-lease.js';

/** What a cache relies on. */
type Coherence = Pick<AccessLease, 'history' | 'isHeld' | 'latestDatabaseSeconds'>;

/** Of a look-up; all but `hit` ask the database. */
type Outcome = 'hit' | 'absent' | 'changed' | 'expired' | 'no_lease';

/** Ends what a change has made out of date that no trigger has logged (docs/contract/installation.md#caching). */
const LONGEST_USE_SECONDS = 60;

type Entry<Value> = {
  readonly value: Value;
  readonly endsAt: number;
  readonly subjectIds: readonly string[];
  readonly since: number;
};
type Loading<Value> = { readonly since: number; readonly result: Promise<Value> };

/**
 * Values that are loaded from the database and used only while this replica holds its lease and what they depend on is
 * unchanged (docs/decisions/0061). The least recently used are dropped. Values are shared and must not be modified.
 */
export class CoherentCache<Value> {
  readonly lookups: Record<Outcome, number> = { hit: 0, absent: 0, changed: 0, expired: 0, no_lease: 0 };
  /** In the order of their last use. */
  private readonly entries = new Map<string, Entry<Value>>();
  private readonly loading = new Map<string, Loading<Value>>();

  constructor(
    private readonly coherence: Coherence,
    private readonly maxEntries: number,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  /** As `AccessCache.get`; without a lease, always what `load` returns. */
  async get(key: string, source: CacheSource<Value>): Promise<Value> {
    if (!this.coherence.isHeld()) {
      this.lookups.no_lease++;
      return source.load();
    }
    const entry = this.entries.get(key);
    const outcome = entry ? this.judge(entry) : 'absent';
    this.lookups[outcome]++;
    if (entry) this.entries.delete(key);
    if (!entry || outcome !== 'hit') return this.loadShared(key, source);
    this.entries.set(key, entry);
    return entry.value;
  }

  private judge({ endsAt, subjectIds, since }: Entry<Value>): Outcome {
    const { history, latestDatabaseSeconds } = this.coherence;
    if (!history.isUnchanged(subjectIds, since)) return 'changed';
    return hasEnded(endsAt, latestDatabaseSeconds) ? 'expired' : 'hit';
  }

  /** A load that began before the last change may not have seen it, so a later request does not share it. */
  private loadShared(key: string, source: CacheSource<Value>): Promise<Value> {
    const current = this.loading.get(key);
    if (current?.since !== this.coherence.history.position) return this.begin(key, source);
    return this.share(current, key, source);
  }

  /** What began before the request decides only for it if it succeeds, with a value that had not ended by then. */
  private async share({ result }: Loading<Value>, key: string, source: CacheSource<Value>): Promise<Value> {
    const joinedAt = this.coherence.latestDatabaseSeconds;
    try {
      const value = await result;
      if (!hasEnded(source.endsAt(value), joinedAt)) return value;
    } catch {
      // The connection of another request may have been lost.
    }
    return this.loading.get(key)?.result ?? this.begin(key, source); // either begins after the request
  }

  private begin(key: string, source: CacheSource<Value>): Promise<Value> {
    const since = this.coherence.history.position;
    const loading = { since, result: this.loadAndKeep(key, source, since) };
    this.loading.set(key, loading);
    const forget = () => {
      if (this.loading.get(key) === loading) this.loading.delete(key);
    };
    loading.result.then(forget, forget);
    return loading.result;
  }

  private async loadAndKeep(key: string, source: CacheSource<Value>, since: number): Promise<Value> {
    const latestEnd = this.coherence.latestDatabaseSeconds + LONGEST_USE_SECONDS;
    const value = await source.load();
    const subjectIds = source.subjectIds(value);
    if (!subjectIds || !this.coherence.history.isUnchanged(subjectIds, since)) return value;
    const endsAt = Math.min(source.endsAt(value) ?? latestEnd, latestEnd);
    this.entries.set(key, { value, endsAt, subjectIds, since });
    if (this.entries.size > this.maxEntries) this.dropOldest();
    return value;
  }

  private dropOldest(): void {
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }
}

/** @param latestSeconds the database's time is not later */
const hasEnded = (endsAt: number | null, latestSeconds: number): boolean =>
  endsAt !== null && endsAt <= latestSeconds;
