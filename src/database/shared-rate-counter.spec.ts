import { beforeEach, describe, expect, it } from '@jest/globals';
import { SharedRateCounter } from './shared-rate-counter.js';

let now: number;
beforeEach(() => {
  now = 5000;
});

const counterOf = (perMinute: number) => new SharedRateCounter(perMinute, () => now);
const hits = (counter: SharedRateCounter, key: string, times: number) =>
  Array.from({ length: times }, () => counter.hit(key));
/** Tells the others; they have counted so many before. */
const share = (counter: SharedRateCounter, before: number, secondsLeft = 30) => {
  const news = counter.takeUnreported();
  counter.applyTotals(new Map([...news].map(([key, more]) => [key, { hits: before + more, secondsLeft }])));
  return news;
};

describe('a tally of one process', () => {
  it('refuses what is more than the limit, and says in how many seconds the minute is over', () => {
    const counter = counterOf(3);
    expect(hits(counter, 'a', 3)).toEqual([null, null, null]);
    now += 20_500;
    expect(hits(counter, 'a', 2)).toEqual([40, 40]);
    expect(counter.hit('b')).toBeNull();
  });

  it('begins anew when the minute is over, with a minute that begins with the next hit', () => {
    const counter = counterOf(2);
    hits(counter, 'a', 3);
    now += 90_000;
    expect(hits(counter, 'a', 3)).toEqual([null, null, 60]);
  });

  it('forgets whose minute is over', () => {
    const counter = counterOf(2);
    hits(counter, 'a', 2);
    now += 60_000;
    expect(counter.takeUnreported()).toEqual(new Map());
    counter.applyTotals(new Map([['a', { hits: 2, secondsLeft: 30 }]]));
    expect(counter.hit('a')).toBeNull();
  });
});

describe('a tally that others share', () => {
  it('counts what they did, and ends when their minute does', () => {
    const counter = counterOf(10);
    hits(counter, 'a', 2);
    share(counter, 7, 12);
    expect(hits(counter, 'a', 2)).toEqual([null, 12]);
  });

  it('tells each hit once, and none that was refused', () => {
    const counter = counterOf(3);
    hits(counter, 'a', 2);
    expect(share(counter, 0)).toEqual(new Map([['a', 2]]));
    expect(share(counter, 0)).toEqual(new Map());
    hits(counter, 'a', 5);
    expect(share(counter, 2)).toEqual(new Map([['a', 1]]));
  });

  it('keeps the hits that come between telling and hearing', () => {
    const counter = counterOf(10);
    hits(counter, 'a', 4);
    const news = counter.takeUnreported();
    hits(counter, 'a', 3);
    counter.applyTotals(new Map([['a', { hits: 4, secondsLeft: 30 }]]));

    expect(news).toEqual(new Map([['a', 4]]));
    expect(counter.takeUnreported()).toEqual(new Map([['a', 3]]));
    expect(hits(counter, 'a', 4)).toEqual([null, null, null, 30]);
  });

  it('still knows its own hits when its news got lost', () => {
    const counter = counterOf(5);
    hits(counter, 'a', 4);
    counter.takeUnreported();
    expect(hits(counter, 'a', 2)).toEqual([null, 60]);
  });

  it('keeps to itself what is less than a hundredth of the limit', () => {
    const counter = counterOf(1000);
    hits(counter, 'a', 9);
    expect(counter.takeUnreported()).toEqual(new Map());
    counter.hit('a');
    expect(counter.takeUnreported()).toEqual(new Map([['a', 10]]));
  });
});
