import { existsSync } from 'node:fs';
import { exchange } from '../exchange.js';

/** The folder may be removed, and then the tests of revocation are run without it. */
export const HAS_CACHE = existsSync(new URL('../../../src/optional/access-cache', import.meta.url));

const LOOKUPS = /^tenantry_access_cache_lookups_total\{(.*)\} (\d+)$/gm;

/** How many look-ups of each replica, in order, were served from its caches. */
export const cacheHits = (urls: readonly string[]): Promise<number[]> =>
  Promise.all(urls.map((url) => cacheLookups(url, 'hit')));

/** How many look-ups in all caches of the replica had this outcome. */
export async function cacheLookups(url: string, outcome: string): Promise<number> {
  const { text } = await exchange(`${url}/metrics`, { method: 'GET' });
  const counted = [...text.matchAll(LOOKUPS)].filter(([, labels]) =>
    labels?.includes(`outcome="${outcome}"`),
  );
  return counted.reduce((sum, [, , count]) => sum + Number(count), 0);
}
