import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from '@jest/globals';
import { currentTrace, runInTrace, type TraceContext } from '../tracing/trace-context.js';
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

const traceOf = (traceId: string): TraceContext => ({ traceId, callerTraceId: null, span: null });

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

  it('runs a batch outside of the asynchronous context of any request', async () => {
    const context = new AsyncLocalStorage<string>();
    for (const inTraceOfFirst of [false, true]) {
      const queue = new BatchQueue<number, string | undefined>(
        (items) => Promise.resolve(items.map(() => context.getStore())),
        { inTraceOfFirst },
      );

      const result = runInTrace(traceOf('a'), () => context.run('request', () => queue.enqueue('a', 1)));

      expect(await result).toBeUndefined();
    }
  });

  it('runs a batch in the trace of its first item with inTraceOfFirst', async () => {
    const queue = new BatchQueue<number, string | undefined>(
      (items) => Promise.resolve(items.map(() => currentTrace()?.traceId)),
      { inTraceOfFirst: true },
    );

    const results = ['running', 'first', 'second'].map((traceId, n) =>
      runInTrace(traceOf(traceId), () => queue.enqueue('a', n)),
    );

    expect(await Promise.all(results)).toEqual(['running', 'first', 'first']);
  });
});
