import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
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
    private readonly responses: CachedResponses,
    private readonly confirmation: ConfirmAccessChanges,
  ) {
    const create = () => new CoherentCache<unknown>(lease, callerCache.maxEntries);
    this.caches = { callers: create(), scim_tokens: create() };
    seam.use(this);
  }

  get<Value>(cache: CacheName, key: string, source: CacheSource<Value>): Promise<Value> {
    return (this.caches[cache] as CoherentCache<Value>).get(key, source);
  }

  getResponse(request: FastifyRequest, load: () => Promise<unknown>): Promise<unknown> {
    return this.responses.get(request, load);
  }

  confirmChanges(): Promise<void> {
    return this.confirmation.confirm();
  }
}
