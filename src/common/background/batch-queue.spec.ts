import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from '@jest/globals';
import { BatchQueue } from './batch-queue.js';

/** Doubles numbers and fails on 13. */
function doubling(options?: { retryEach: boolean }) {
  const batches: number[][] = [];
  const queue = new BatchQueue<number, number>(async (items) => {
    batches.push([...items]);
    await Promise.resolve();
    if (items.includes(13)) throw new Error('no 13');
    return items.map((item) => item * 2);
  }, options);
  return { queue, batches };
}

const statusesOf = async (queue: BatchQueue<number, number>, items: number[]) =>
  (await Promise.allSettled(items.map((item) => queue.enqueue('a', item)))).map(({ status }) => status);

describe('BatchQueue', () => {
  it('handles all waiting items in one batch and returns the result of each', async () => {
    const { queue, batches } = doubling();

    const results = await Promise.all([1, 2, 3, 4].map((item) => queue.enqueue('a', item)));

    expect(results).toEqual([2, 4, 6, 8]);
    expect(batches).toEqual([[1], [2, 3, 4]]);
  });

  it('does not make items wait for a batch with another key', async () => {
    const { queue, batches } = doubling();

    await Promise.all([queue.enqueue('a', 1), queue.enqueue('b', 2)]);

    expect(batches).toEqual([[1], [2]]);
  });

  it('rejects only the failing item when items are retried one by one', async () => {
    const { queue } = doubling();

    expect(await statusesOf(queue, [1, 2, 13, 4])).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(await queue.enqueue('a', 5)).toBe(10);
  });

  it('rejects the whole batch when items are not retried', async () => {
    const { queue } = doubling({ retryEach: false });

    expect(await statusesOf(queue, [1, 2, 13, 4])).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    expect(await queue.enqueue('a', 5)).toBe(10);
  });

  it('limits the number of items in a batch', async () => {
    const { queue, batches } = doubling();

    await Promise.all(Array.from({ length: 120 }, (_, n) => queue.enqueue('a', n + 100)));

    expect(batches.map(({ length }) => length)).toEqual([1, 50, 50, 19]);
  });

  it('runs a batch outside of the asynchronous context of the request', async () => {
    const context = new AsyncLocalStorage<string>();
    const queue = new BatchQueue<number, string | undefined>((items) =>
      Promise.resolve(items.map(() => context.getStore())),
    );

    expect(await context.run('request', () => queue.enqueue('a', 1))).toBeUndefined();
  });

  it('runs a batch in the asynchronous context of its first item with inContextOfFirst', async () => {
    const context = new AsyncLocalStorage<string>();
    const queue = new BatchQueue<number, string | undefined>(
      (items) => Promise.resolve(items.map(() => context.getStore())),
      { inContextOfFirst: true },
    );

    const results = ['running', 'first', 'second'].map((name, n) =>
      context.run(name, () => queue.enqueue('a', n)),
    );

    expect(await Promise.all(results)).toEqual(['running', 'first', 'first']);
  });
});
