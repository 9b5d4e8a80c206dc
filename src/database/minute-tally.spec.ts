import { beforeEach, describe, expect, it } from '@jest/globals';
import { MinuteTally } from './minute-tally.js';

let now: number;
beforeEach(() => {
  now = 5000;
});

const tallyOf = (perMinute: number) => new MinuteTally(perMinute, () => now);
const hits = (tally: MinuteTally, who: string, times: number) =>
  Array.from({ length: times }, () => tally.hit(who));
/** Tells the others; they have counted so many before. */
const share = (tally: MinuteTally, before: number, secondsLeft = 30) => {
  const news = tally.takeNews();
  tally.learn(new Map([...news].map(([who, more]) => [who, { hits: before + more, secondsLeft }])));
  return news;
};

describe('a tally of one process', () => {
  it('refuses what is more than the limit, and says in how many seconds the minute is over', () => {
    const tally = tallyOf(3);
    expect(hits(tally, 'a', 3)).toEqual([null, null, null]);
    now += 20_500;
    expect(hits(tally, 'a', 2)).toEqual([40, 40]);
    expect(tally.hit('b')).toBeNull();
  });

  it('begins anew when the minute is over, with a minute that begins with the next hit', () => {
    const tally = tallyOf(2);
    hits(tally, 'a', 3);
    now += 90_000;
    expect(hits(tally, 'a', 3)).toEqual([null, null, 60]);
  });

  it('forgets whose minute is over', () => {
    const tally = tallyOf(2);
    hits(tally, 'a', 2);
    now += 60_000;
    expect(tally.takeNews()).toEqual(new Map());
    tally.learn(new Map([['a', { hits: 2, secondsLeft: 30 }]]));
    expect(tally.hit('a')).toBeNull();
  });
});

describe('a tally that others share', () => {
  it('counts what they did, and ends when their minute does', () => {
    const tally = tallyOf(10);
    hits(tally, 'a', 2);
    share(tally, 7, 12);
    expect(hits(tally, 'a', 2)).toEqual([null, 12]);
  });

  it('tells each hit once, and none that was refused', () => {
    const tally = tallyOf(3);
    hits(tally, 'a', 2);
    expect(share(tally, 0)).toEqual(new Map([['a', 2]]));
    expect(share(tally, 0)).toEqual(new Map());
    hits(tally, 'a', 5);
    expect(share(tally, 2)).toEqual(new Map([['a', 1]]));
  });

  it('keeps the hits that come between telling and hearing', () => {
    const tally = tallyOf(10);
    hits(tally, 'a', 4);
    const news = tally.takeNews();
    hits(tally, 'a', 3);
    tally.learn(new Map([['a', { hits: 4, secondsLeft: 30 }]]));

    expect(news).toEqual(new Map([['a', 4]]));
    expect(tally.takeNews()).toEqual(new Map([['a', 3]]));
    expect(hits(tally, 'a', 4)).toEqual([null, null, null, 30]);
  });

  it('still knows its own hits when its news got lost', () => {
    const tally = tallyOf(5);
    hits(tally, 'a', 4);
    tally.takeNews();
    expect(hits(tally, 'a', 2)).toEqual([null, 60]);
  });

  it('keeps to itself what is less than a hundredth of the limit', () => {
    const tally = tallyOf(1000);
    hits(tally, 'a', 9);
    expect(tally.takeNews()).toEqual(new Map());
    tally.hit('a');
    expect(tally.takeNews()).toEqual(new Map([['a', 10]]));
  });
});
