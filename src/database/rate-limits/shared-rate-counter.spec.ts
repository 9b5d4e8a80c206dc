import { beforeEach, describe, expect, it } from '@jest/globals';
import { SharedRateCounter } from './shared-rate-counter.js';

let now: number;
beforeEach(() => {
  now = 5000;
});

const counterOf = (perMinute: number) => new SharedRateCounter(perMinute, () => now);
const hits = (counter: SharedRateCounter, key: string, times: number) =>
  Array.from({ length: times }, () => counter.hit(key));
/** Reports the counts to the other replicas, which have counted `before` hits. */
const share = (counter: SharedRateCounter, before: number, secondsLeft = 30) => {
  const unreported = counter.takeUnreported();
  counter.applyTotals(
    new Map([...unreported].map(([key, more]) => [key, { hits: before + more, secondsLeft }])),
  );
  return unreported;
};

describe('SharedRateCounter of a single replica', () => {
  it('refuses hits over the limit and returns the seconds until the minute ends', () => {
    const counter = counterOf(3);
    expect(hits(counter, 'a', 3)).toEqual([null, null, null]);
    now += 20_500;
    expect(hits(counter, 'a', 2)).toEqual([40, 40]);
    expect(counter.hit('b')).toBeNull();
  });

  it('starts a new minute with the first hit after the last minute has ended', () => {
    const counter = counterOf(2);
    hits(counter, 'a', 3);
    now += 90_000;
    expect(hits(counter, 'a', 3)).toEqual([null, null, 60]);
  });

  it('removes keys whose minute has ended', () => {
    const counter = counterOf(2);
    hits(counter, 'a', 2);
    now += 60_000;
    expect(counter.takeUnreported()).toEqual(new Map());
    counter.applyTotals(new Map([['a', { hits: 2, secondsLeft: 30 }]]));
    expect(counter.hit('a')).toBeNull();
  });
});

describe('SharedRateCounter of several replicas', () => {
  it('adds the hits of other replicas and ends with their minute', () => {
    const counter = counterOf(10);
    hits(counter, 'a', 2);
    share(counter, 7, 12);
    expect(hits(counter, 'a', 2)).toEqual([null, 12]);
  });

  it('reports each allowed hit once and no refused hit', () => {
    const counter = counterOf(3);
    hits(counter, 'a', 2);
    expect(share(counter, 0)).toEqual(new Map([['a', 2]]));
    expect(share(counter, 0)).toEqual(new Map());
    hits(counter, 'a', 5);
    expect(share(counter, 2)).toEqual(new Map([['a', 1]]));
  });

  it('keeps the hits that arrive between report and totals', () => {
    const counter = counterOf(10);
    hits(counter, 'a', 4);
    const unreported = counter.takeUnreported();
    hits(counter, 'a', 3);
    counter.applyTotals(new Map([['a', { hits: 4, secondsLeft: 30 }]]));

    expect(unreported).toEqual(new Map([['a', 4]]));
    expect(counter.takeUnreported()).toEqual(new Map([['a', 3]]));
    expect(hits(counter, 'a', 4)).toEqual([null, null, null, 30]);
  });

  it('still counts its own hits when a report is lost', () => {
    const counter = counterOf(5);
    hits(counter, 'a', 4);
    counter.takeUnreported();
    expect(hits(counter, 'a', 2)).toEqual([null, 60]);
  });

  it('does not report less than a hundredth of the limit', () => {
    const counter = counterOf(1000);
    hits(counter, 'a', 9);
    expect(counter.takeUnreported()).toEqual(new Map());
    counter.hit('a');
    expect(counter.takeUnreported()).toEqual(new Map([['a', 10]]));
  });
});
