import { Injectable } from '@nestjs/common';
import { Metrics } from '../../common/metrics/metrics.js';
import { Config } from '../../config/config.js';
import { AccessLease } from './access-lease.js';
import { CoherentCache } from './coherent-cache.js';

/** Creates the caches of recognised callers and of what belongs to them (docs/contract/installation.md#caching). */
@Injectable()
export class AccessCaches {
  private readonly caches = new Map<string, { readonly size: number }>();

  constructor(
    private readonly lease: AccessLease,
    private readonly config: Config,
    private readonly metrics: Metrics,
  ) {}

  /** @param name a label of the metrics */
  create<Value>(name: string): CoherentCache<Value> {
    const cache = new CoherentCache<Value>(this.lease, this.config.callerCache.maxEntries, (outcome) =>
      this.metrics.countCacheLookup(name, outcome),
    );
    this.caches.set(name, cache);
    return cache;
  }

  /** Milliseconds since the last reading of changes was sent; null while nothing cached is used. */
  get leaseAgeMs(): number | null {
    return this.lease.ageMs;
  }

  /** The number of entries of each cache by its name. */
  get sizes(): ReadonlyMap<string, number> {
    return new Map([...this.caches].map(([name, { size }]) => [name, size]));
  }
}
