import { exchange } from '../exchange.js';

const LOOKUPS = /^tenantry_access_cache_lookups_total\{(.*)\} (\d+)$/gm;

/** How many look-ups of each replica, in order, were answered from its caches. */
export const cacheHits = (urls: readonly string[]): Promise<number[]> => Promise.all(urls.map(hitsOf));

async function hitsOf(url: string): Promise<number> {
  const { text } = await exchange(`${url}/metrics`, { method: 'GET' });
  const hits = [...text.matchAll(LOOKUPS)].filter(([, labels]) => labels?.includes('outcome="hit"'));
  return hits.reduce((sum, [, , count]) => sum + Number(count), 0);
}
