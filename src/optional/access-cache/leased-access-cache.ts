import { Injectable } from '@nestjs/common';
import { AccessCache, type CacheName, type CacheSource } from '../../common/access/access-cache.js';
import { Config } from '../../config/config.js';
import { AccessLease } from './access-lease.js';
import { CachedResponses } from './cached-responses.js';
import { CoherentCache } from './coherent-cache.js';
import { ConfirmAccessChanges } from './confirm-access-changes.js';

/** What `AccessCache` does while this folder is there. */
@Injectable()
export class LeasedAccessCache {
  readonly caches: Readonly<Record<CacheName, CoherentCache<unknown>>>;

  constructor(
    seam: AccessCache,
    lease: AccessLease,
    { callerCache }: Config,
    responses: CachedResponses,
    confirmation: ConfirmAccessChanges,
  ) {
    const create = () => new CoherentCache<unknown>(lease, callerCache.maxEntries);
    const caches = { callers: create(), scim_tokens: create() };
    this.caches = caches;
    seam.use({
      get: <Value>(cache: CacheName, key: string, source: CacheSource<Value>) =>
        (caches[cache] as CoherentCache<Value>).get(key, source),
      getResponse: (request, load) => responses.get(request, load),
      confirmChanges: () => confirmation.confirm(),
    });
  }
}
