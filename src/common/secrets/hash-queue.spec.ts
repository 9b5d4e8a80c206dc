import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HASH_QUEUE_BOUNDS, type HashLane, HashQueue } from './hash-queue.js';
import { PasswordHashingBusy, PasswordHashingOverloaded } from './errors.js';

const WAIT_MS = 1000;

let started: string[];
let ends: (() => void)[];
beforeEach(() => {
  started = [];
  ends = [];
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A hash that notes its start and runs until `endOldest` ends it. */
const hash = (name: string) => async (): Promise<string> => {
  started.push(name);
  await new Promise<void>((end) => ends.push(end));
  return name;
};

const settled = () => jest.advanceTimersByTimeAsync(0);

async function endOldest(): Promise<void> {
  ends.shift()?.();
  await settled();
}

async function endAll(): Promise<void> {
  await settled();
  while (ends.length > 0) await endOldest();
}

const queueWith = (bounds: Partial<typeof HASH_QUEUE_BOUNDS> = {}) =>
  new HashQueue({ ...HASH_QUEUE_BOUNDS, waitMs: WAIT_MS, ...bounds });

/** The outcome of the promise: its value, or the class of its error. */
const outcome = (promise: Promise<unknown>) =>
  promise.catch((error: unknown) => (error as Error).constructor);

const enqueue = (queue: HashQueue, lane: Exclude<HashLane, 'background'>, ...names: string[]) =>
  names.map((name) => outcome(queue.run(lane, hash(name))));
const enqueueBatch = (queue: HashQueue, name: string, size: number) =>
  outcome(queue.runBatch(Array.from({ length: size }, (_, index) => hash(`${name}${index}`))));

describe('HashQueue', () => {
  it('runs at most two hashes at a time over all lanes', async () => {
    const queue = queueWith();
    void enqueue(queue, 'preferred', 'p1', 'p2', 'p3');
    void enqueue(queue, 'anonymous', 'a1', 'a2');
    void enqueueBatch(queue, 'b', 3);
    let most = 0;
    await settled();

    while (ends.length > 0) {
      most = Math.max(most, ends.length);
      await endOldest();
    }

    expect(most).toBe(2);
    expect(started).toHaveLength(8);
  });

  it('keeps one of two running hashes for the preferred lane', async () => {
    const queue = queueWith();
    void enqueue(queue, 'anonymous', 'a1', 'a2');
    void enqueueBatch(queue, 'b', 3);
    await settled();
    expect(started).toEqual(['a1']);

    void enqueue(queue, 'preferred', 'p1');
    await settled();

    expect(started).toEqual(['a1', 'p1']);
    await endAll();
  });

  it('starts preferred logins first, then anonymous logins, then batches', async () => {
    const queue = queueWith({ running: 1 });
    void enqueueBatch(queue, 'b', 2);
    void enqueue(queue, 'anonymous', 'a1');
    void enqueue(queue, 'preferred', 'p1', 'p2');

    await endAll();

    expect(started).toEqual(['b0', 'p1', 'p2', 'a1', 'b1']);
  });

  it('lets at most three logins overtake a waiting batch', async () => {
    const queue = queueWith({ running: 1 });
    void enqueueBatch(queue, 'b', 3);
    void enqueue(queue, 'anonymous', 'a1', 'a2', 'a3', 'a4', 'a5');

    await endAll();

    expect(started).toEqual(['b0', 'a1', 'a2', 'a3', 'b1', 'a4', 'a5', 'b2']);
  });

  it('shares the background lane evenly between batches and single passwords', async () => {
    const queue = queueWith({ running: 1 });
    void enqueueBatch(queue, 'b', 6);
    void enqueueBatch(queue, 'c', 6);
    void enqueueBatch(queue, 'single', 1);

    await endAll();

    expect(started.slice(0, 7)).toEqual(['b0', 'b1', 'c0', 'c1', 'single0', 'b2', 'b3']);
    expect(started.slice(7, 9)).toEqual(['c2', 'c3']);
  });

  it('returns the results of a batch in the order of its hashes', async () => {
    const batch = enqueueBatch(queueWith({ runningUnpreferred: 2 }), 'b', 5);
    await settled();
    ends.reverse(); // the second one ends first

    await endAll();

    expect(await batch).toEqual(['b0', 'b1', 'b2', 'b3', 'b4']);
  });

  it('refuses anonymous logins when half of the queue is full, and preferred logins when all of it is', async () => {
    const queue = queueWith({ running: 1, waitingLogins: 4 });
    void enqueue(queue, 'preferred', 'running');

    const anonymous = enqueue(queue, 'anonymous', 'a1', 'a2', 'a3');
    const preferred = enqueue(queue, 'preferred', 'p1', 'p2', 'p3');
    await settled();
    await endAll();

    expect(await Promise.all(anonymous)).toEqual(['a1', 'a2', PasswordHashingBusy]);
    expect(await Promise.all(preferred)).toEqual(['p1', 'p2', PasswordHashingOverloaded]);
  });

  it('refuses a batch while too many are in progress, and accepts one after another has ended', async () => {
    const queue = queueWith({ batches: 1 });
    const first = enqueueBatch(queue, 'b', 3);

    expect(await enqueueBatch(queue, 'c', 1)).toBe(PasswordHashingBusy);

    await endAll();
    await first;
    const next = enqueueBatch(queue, 'd', 1);
    await endAll();
    expect(await next).toEqual(['d0']);
  });

  it('refuses a hash that has waited too long and does not start it', async () => {
    const queue = queueWith({ running: 1 });
    void enqueue(queue, 'preferred', 'running');
    const late = [...enqueue(queue, 'anonymous', 'a1'), ...enqueue(queue, 'preferred', 'p1')];

    await jest.advanceTimersByTimeAsync(WAIT_MS);

    expect(await Promise.all(late)).toEqual([PasswordHashingBusy, PasswordHashingOverloaded]);
    await endAll();
    expect(started).toEqual(['running']);
  });

  it('continues after a failed hash, but starts no further hash of its batch', async () => {
    const queue = queueWith({ running: 1 });
    const failing = () => Promise.reject(new RangeError('no digest'));
    const batch = outcome(queue.runBatch([failing, hash('b1'), hash('b2'), hash('b3')]));
    await settled();
    void enqueue(queue, 'anonymous', 'a1');

    await endAll();

    expect(await batch).toBe(RangeError);
    expect(started).toEqual(['b1', 'a1']);
  });
});
