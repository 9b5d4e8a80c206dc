import { Injectable } from '@nestjs/common';

/** How a value is loaded from the database, and how long it may be used. */
export type CacheSource<Value> = {
  /** The value may be shared from then on, so it must not be modified. */
  readonly load: () => Promise<Value>;
  /** By the database's clock, in seconds since the Unix epoch; null: the value does not expire. */
  readonly endsAt: (value: Value) => number | null;
  /** The users, organizations and credentials whose access changes concern the value; null: it is not cached. */
  readonly subjectIds: (value: Value) => readonly string[] | null;
};

/** `callers`: by credential and requested context. Also a label of the metrics. */
export type CacheName = 'callers' | 'scim_tokens';

type Backend = Pick<AccessCache, 'get'>;

/**
 * The one seam of the cache of recognized callers, `src/optional/access-cache` (docs/decisions/0124). Without that folder,
 * each request asks the database.
 */
@Injectable()
export class AccessCache {
  private backend: Backend | null = null;

  /** Called by that folder when the application starts. */
  use(backend: Backend): void {
    this.backend = backend;
  }

  /**
   * The cached value, or what `load` returns. Rejects as `load` does. Call it outside of a transaction, whose changes may
   * not be cached.
   */
  get<Value>(cache: CacheName, key: string, source: CacheSource<Value>): Promise<Value> {
    return this.backend?.get(cache, key, source) ?? source.load();
  }
}
