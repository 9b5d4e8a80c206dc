import { describe, expect, it } from '@jest/globals';
import type { CacheSource } from '../../common/access/access-cache.js';
import { ChangeHistory } from './change-history.js';
import { CoherentCache } from './coherent-cache.js';

/** A cache of two entries, with a lease and a time of the database that a test sets. */
function makeCache() {
  const coherence = {
    history: new ChangeHistory(),
    isHeldNow: true,
    isHeld: () => coherence.isHeldNow,
    latestDatabaseSeconds: 100,
  };
  const cache = new CoherentCache<string>(coherence, 2);
  const get = (key: string, value: string, terms: Partial<Terms> = {}) =>
    cache.get(key, { load: () => Promise.resolve(value), ...TERMS, ...terms });
  return { cache, coherence, get };
}

type Terms = Omit<CacheSource<string>, 'load'>;
const TERMS: Terms = { subjectIds: () => ['ann', 'acme'], endsAt: () => null };

/** A load that ends when the test says so. */
function slowLoad(terms: Partial<Terms> = {}) {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { source: { load: () => promise, ...TERMS, ...terms }, end: resolve };
}

describe('CoherentCache', () => {
  it('returns the cached value without loading it again', async () => {
    const { cache, get } = makeCache();

    expect(await get('key', 'first')).toBe('first');
    expect(await get('key', 'second')).toBe('first');
    expect(cache.lookups).toMatchObject({ absent: 1, hit: 1 });
  });

  it('loads again after a change of a subject, and keeps entries of other subjects', async () => {
    const { cache, get, coherence } = makeCache();
    await get('of ann', 'first');
    await get('of ben', 'first', { subjectIds: () => ['ben'] });

    coherence.history.add(['ann']);

    expect(await get('of ann', 'second')).toBe('second');
    expect(await get('of ben', 'second')).toBe('first');
    expect(cache.lookups).toMatchObject({ absent: 2, changed: 1, hit: 1 });
  });

  it('loads again after a minute, whatever the value says', async () => {
    const { cache, get, coherence } = makeCache();
    await get('without an end', 'first');
    await get('with a later end', 'first', { endsAt: () => 1000 });

    coherence.latestDatabaseSeconds += 59;
    expect(await get('without an end', 'second')).toBe('first');
    coherence.latestDatabaseSeconds += 1;

    expect(await get('without an end', 'second')).toBe('second');
    expect(await get('with a later end', 'second')).toBe('second');
    expect(cache.lookups).toMatchObject({ absent: 2, hit: 1, expired: 2 });
  });

  it('does not keep what was loaded from before a change', async () => {
    const { cache, get, coherence } = makeCache();
    const { source, end } = slowLoad();
    const early = cache.get('key', source);

    coherence.history.add(['acme']);
    end('old');

    expect(await early).toBe('old');
    expect(await get('key', 'new')).toBe('new');
  });

  it('shares one load among requests at a time, but not with a request after a change', async () => {
    const { cache, coherence } = makeCache();
    const [first, second] = [slowLoad(), slowLoad()];
    const requests = [cache.get('key', first.source), cache.get('key', second.source)];

    coherence.history.add(['ben']);
    const later = cache.get('key', second.source);
    first.end('first');
    second.end('second');

    expect(await Promise.all(requests)).toEqual(['first', 'first']);
    expect(await later).toBe('second');
  });

  it('does not share a load with a request that may have come after the end of its value', async () => {
    const { cache, coherence } = makeCache();
    const { source, end } = slowLoad({ endsAt: () => 101, subjectIds: () => null });
    const again = { ...source, load: () => Promise.resolve('again') };
    const requests = [cache.get('key', source), cache.get('key', again)];
    coherence.latestDatabaseSeconds = 101;
    requests.push(cache.get('key', again));
    coherence.latestDatabaseSeconds = 102;
    end('first');

    expect(await Promise.all(requests)).toEqual(['first', 'first', 'again']);
  });

  it('rejects the request whose load fails, and loads once more for all that shared it', async () => {
    const { cache } = makeCache();
    let loads = 0;
    const flaky = {
      ...TERMS,
      load: () => (loads++ === 0 ? Promise.reject(new Error('lost')) : Promise.resolve('value')),
    };

    const outcomes = await Promise.allSettled([1, 2, 3].map(() => cache.get('key', flaky)));

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(loads).toBe(2);
  });

  it('neither uses nor keeps anything without a lease', async () => {
    const { cache, get, coherence } = makeCache();
    await get('key', 'first');

    coherence.isHeldNow = false;
    expect(await get('key', 'second')).toBe('second');
    coherence.isHeldNow = true;

    expect(await get('key', 'third')).toBe('first');
    expect(cache.lookups).toMatchObject({ absent: 1, no_lease: 1, hit: 1 });
  });

  it('loads again once the end of a value may have come by the clock of the database', async () => {
    const { cache, get, coherence } = makeCache();
    await get('key', 'first', { endsAt: () => 101 });

    coherence.latestDatabaseSeconds = 100.999;
    expect(await get('key', 'second')).toBe('first');
    coherence.latestDatabaseSeconds = 101;
    expect(await get('key', 'second')).toBe('second');
    expect(cache.lookups).toMatchObject({ absent: 1, hit: 1, expired: 1 });
  });

  it('does not keep a value that says so', async () => {
    const { get } = makeCache();
    await get('key', 'first', { subjectIds: () => null });

    expect(await get('key', 'second')).toBe('second');
  });

  it('drops the entry that was not used for the longest time', async () => {
    const { cache, get } = makeCache();
    await get('a', 'a1');
    await get('b', 'b1');
    await get('a', 'a2');
    await get('c', 'c1');

    expect(cache.size).toBe(2);
    expect(await get('a', 'a3')).toBe('a1');
    expect(await get('b', 'b2')).toBe('b2');
  });
});
