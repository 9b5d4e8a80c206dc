import { Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import { AccessCache, type CacheName, type CacheSource } from '../../common/access/access-cache.js';
import { Metrics } from '../../common/metrics/metrics.js';
import { Config } from '../../config/config.js';
import { AccessLease } from './access-lease.js';
import { CoherentCache } from './coherent-cache.js';

type Caches = Readonly<Record<CacheName, CoherentCache<unknown>>>;

/** What `AccessCache` does while this folder is there. */
@Injectable()
export class LeasedAccessCache {
  constructor(seam: AccessCache, lease: AccessLease, { callerCache }: Config, { registry }: Metrics) {
    const create = () => new CoherentCache<unknown>(lease, callerCache.maxEntries);
    const caches = { callers: create(), scim_tokens: create() };
    seam.use({
      get: <Value>(cache: CacheName, key: string, source: CacheSource<Value>) =>
        (caches[cache] as CoherentCache<Value>).get(key, source),
    });
    addMetrics(registry, caches, lease);
  }
}

/** The metrics of the cache (docs/metrics.md#cache-of-recognized-callers), computed when they are asked for. */
function addMetrics(registry: Registry, caches: Caches, lease: AccessLease): void {
  const lookups = new Counter({
    name: 'tenantry_access_cache_lookups_total',
    help: 'Look-ups of cached access by cache and outcome',
    labelNames: ['cache', 'outcome'],
    registers: [],
    collect() {
      this.reset();
      for (const [cache, { lookups: counts }] of Object.entries(caches))
        for (const [outcome, count] of Object.entries(counts)) this.inc({ cache, outcome }, count);
    },
  });
  const changes = new Counter({
    name: 'tenantry_access_changes_total',
    help: 'Changes of access that this process has applied to its caches',
    registers: [],
    collect() {
      this.reset();
      this.inc(lease.changes);
    },
  });
  const entries = new Gauge({
    name: 'tenantry_access_cache_entries',
    help: 'Entries of the caches of access',
    labelNames: ['cache'],
    registers: [],
    collect() {
      for (const [cache, { size }] of Object.entries(caches)) this.set({ cache }, size);
    },
  });
  const leaseAge = new Gauge({
    name: 'tenantry_access_cache_lease_age_seconds',
    help: 'Time since the changes of access were read; NaN while nothing cached is used',
    registers: [],
    collect() {
      this.set((lease.ageMs ?? NaN) / 1000);
    },
  });
  for (const metric of [lookups, changes, entries, leaseAge]) registry.registerMetric(metric);
}
