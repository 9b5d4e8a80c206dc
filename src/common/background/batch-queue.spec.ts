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
  it('does the work of all items that wait at a time together, each with its own result', async () => {
    const { queue, batches } = doubling();

    const results = await Promise.all([1, 2, 3, 4].map((item) => queue.enqueue('a', item)));

    expect(results).toEqual([2, 4, 6, 8]);
    expect(batches).toEqual([[1], [2, 3, 4]]);
  });

  it('does not let one subject wait for another', async () => {
    const { queue, batches } = doubling();

    await Promise.all([queue.enqueue('a', 1), queue.enqueue('b', 2)]);

    expect(batches).toEqual([[1], [2]]);
  });

  it('fails only the item at fault where items are retried one by one', async () => {
    const { queue } = doubling();

    expect(await statusesOf(queue, [1, 2, 13, 4])).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(await queue.enqueue('a', 5)).toBe(10);
  });

  it('fails the whole batch where items are not retried', async () => {
    const { queue } = doubling({ retryEach: false });

    expect(await statusesOf(queue, [1, 2, 13, 4])).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    expect(await queue.enqueue('a', 5)).toBe(10);
  });

  it('limits the size of a batch', async () => {
    const { queue, batches } = doubling();

    await Promise.all(Array.from({ length: 120 }, (_, n) => queue.enqueue('a', n + 100)));

    expect(batches.map(({ length }) => length)).toEqual([1, 50, 50, 19]);
  });

  it('runs the work outside of the asynchronous context of who enqueued the item', async () => {
    const context = new AsyncLocalStorage<string>();
    const queue = new BatchQueue<number, string | undefined>((items) =>
      Promise.resolve(items.map(() => context.getStore())),
    );

    expect(await context.run('request', () => queue.enqueue('a', 1))).toBeUndefined();
  });
});
