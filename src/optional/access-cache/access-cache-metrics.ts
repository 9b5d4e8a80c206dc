import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { Metrics } from '../../common/metrics/metrics.js';
import { LeasedAccessCache } from './leased-access-cache.js';
import { AccessLease } from './access-lease.js';

/** The metrics of the cache (docs/metrics.md#cache-of-recognized-callers), computed when they are asked for. */
@Injectable()
export class AccessCacheMetrics {
  constructor({ registry }: Metrics, { caches }: LeasedAccessCache, lease: AccessLease) {
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
}
