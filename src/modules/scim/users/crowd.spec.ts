import { describe, expect, it } from '@jest/globals';
import { Crowd } from './crowd.js';

describe('a crowd', () => {
  const doubling = () => {
    const groups: number[][] = [];
    const crowd = new Crowd<number, number>(async (items) => {
      groups.push([...items]);
      await Promise.resolve();
      if (items.includes(13)) throw new Error('no 13');
      return items.map((item) => item * 2);
    });
    return { crowd, groups };
  };

  it('is served together while somebody else is, each with his own result', async () => {
    const { crowd, groups } = doubling();

    const results = await Promise.all([1, 2, 3, 4].map((item) => crowd.join('a', item)));

    expect(results).toEqual([2, 4, 6, 8]);
    expect(groups).toEqual([[1], [2, 3, 4]]);
  });

  it('does not wait for another subject', async () => {
    const { crowd, groups } = doubling();

    await Promise.all([crowd.join('a', 1), crowd.join('b', 2)]);

    expect(groups).toEqual([[1], [2]]);
  });

  it('suffers nothing from who fails', async () => {
    const { crowd } = doubling();

    const results = await Promise.allSettled([1, 2, 13, 4].map((item) => crowd.join('a', item)));

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await crowd.join('a', 5)).toBe(10);
  });

  it('comes in groups that have an end', async () => {
    const { crowd, groups } = doubling();

    await Promise.all(Array.from({ length: 120 }, (_, n) => crowd.join('a', n + 100)));

    expect(groups.map(({ length }) => length)).toEqual([1, 50, 50, 19]);
  });
});
