import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Config } from '../../config/config.js';
import { InMemoryRateLimiter } from './in-memory-rate-limiter.js';
import type { RateLimiter } from './rate-limiter.js';
import { TooManyRequests } from './rate-limiter.errors.js';

/** What each exchange has reported, by subject. `before`: what the other replicas have counted. */
let reports: Record<string, number>[];
let others: { before: number; secondsLeft: number };
let limiter: InMemoryRateLimiter;
let makeLimiter: (perMinute: number) => void;
beforeEach(() => {
  jest.useFakeTimers();
  reports = [];
  others = { before: 0, secondsLeft: 30 };
  const shared = {
    refusal: (_action: string, secondsLeft: number) => new TooManyRequests(secondsLeft),
    add: (hits: ReadonlyMap<string, number>) => {
      const { before, secondsLeft } = others;
      reports.push(Object.fromEntries([...hits].map(([counter, more]) => [counter.split('\0')[1], more])));
      return Promise.resolve(
        new Map([...hits].map(([counter, more]) => [counter, { hits: before + more, secondsLeft }])),
      );
    },
  };
  makeLimiter = (perMinute) => {
    const rateLimits = { requestsPerMinute: perMinute };
    limiter = new InMemoryRateLimiter(shared as unknown as RateLimiter, { rateLimits } as unknown as Config);
    limiter.onModuleInit();
  };
  makeLimiter(3);
});
afterEach(async () => {
  await limiter.beforeApplicationShutdown();
  jest.useRealTimers();
});

/** For each hit null, or the seconds after which to retry. */
const hits = (times: number, subject = 'a') =>
  Array.from({ length: times }, () => {
    try {
      limiter.hit('requests of', subject);
      return null;
    } catch (error) {
      return (error as TooManyRequests).retryAfterSeconds;
    }
  });
const exchange = () => jest.advanceTimersByTimeAsync(1000);

describe('InMemoryRateLimiter of a single replica', () => {
  it('refuses hits over the limit with the seconds until the minute ends', () => {
    expect(hits(3)).toEqual([null, null, null]);
    expect(hits(2)).toEqual([60, 60]);
    expect(hits(1, 'b')).toEqual([null]);
  });

  it('counts nothing for a limit of 0', () => {
    makeLimiter(0);
    expect(hits(3)).toEqual([null, null, null]);
  });

  it('starts a new minute with the first hit after the last minute has ended', async () => {
    hits(4);
    await jest.advanceTimersByTimeAsync(90_000);
    expect(hits(4)).toEqual([null, null, null, 60]);
  });
});

describe('InMemoryRateLimiter of several replicas', () => {
  it('adds the hits of other replicas and ends with their minute', async () => {
    others = { before: 7, secondsLeft: 12 };
    makeLimiter(10);
    hits(2);
    await exchange();
    expect(hits(2)).toEqual([null, 12]);
  });

  it('reports each allowed hit once and no refused hit', async () => {
    hits(2);
    await exchange();
    await exchange();
    others.before = 2;
    hits(5);
    await exchange();
    expect(reports).toEqual([{ a: 2 }, { a: 1 }]);
  });

  it('keeps the hits that arrive between report and totals', async () => {
    makeLimiter(10);
    hits(4);
    jest.advanceTimersByTime(1000); // the totals arrive later
    hits(3);
    await exchange();

    expect(reports).toEqual([{ a: 4 }, { a: 3 }]);
  });

  it('does not report less than a hundredth of the limit', async () => {
    makeLimiter(1000);
    hits(9);
    await exchange();
    expect(reports).toEqual([]);
    hits(1);
    await exchange();
    expect(reports).toEqual([{ a: 10 }]);
  });

  it('reports what is left when the server stops', async () => {
    hits(2);
    await limiter.beforeApplicationShutdown();
    expect(reports).toEqual([{ a: 2 }]);
  });
});
