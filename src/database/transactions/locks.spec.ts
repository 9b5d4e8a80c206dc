import { describe, expect, it } from '@jest/globals';
import { KeyedMutex, Semaphore } from './locks.js';

const later = async (work: () => void) => {
  await new Promise((resolve) => setImmediate(resolve));
  work();
};
const fail = (message: string) => () => {
  throw new Error(message);
};

describe('KeyedMutex', () => {
  it('runs work with the same key in order, one at a time', async () => {
    const mutex = new KeyedMutex();
    const seen: string[] = [];
    const step = (name: string) => async () => {
      seen.push(`${name} begins`);
      await later(() => seen.push(`${name} ends`));
    };

    await Promise.all(['a', 'b', 'c'].map((name) => mutex.runExclusive('org', step(name))));

    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('does not make work wait for another key', async () => {
    const mutex = new KeyedMutex();
    const never = mutex.runExclusive('busy', () => new Promise<never>(() => undefined));

    await expect(mutex.runExclusive('free', async () => 'done')).resolves.toBe('done');
    expect(never).toBeInstanceOf(Promise);
  });

  it('continues after failed work and rejects only the call that failed', async () => {
    const mutex = new KeyedMutex();
    const failing = mutex.runExclusive('org', () => Promise.reject(new Error('no')));
    const next = mutex.runExclusive('org', async () => 'yes');

    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBe('yes');
  });

  it('rejects waiting work with a failure that concerns all, and runs later work', async () => {
    const mutex = new KeyedMutex(() => 'all');
    const failing = mutex.runExclusive('org', () => later(fail('no lock')));
    await Promise.resolve(); // it has begun
    const waiting = ['a', 'b'].map((name) => mutex.runExclusive('org', async () => name));

    await expect(failing).rejects.toThrow('no lock');
    for (const one of waiting) await expect(one).rejects.toThrow('no lock');
    await expect(mutex.runExclusive('org', async () => 'later')).resolves.toBe('later');
  });

  it('rejects with a failure that concerns earlier work only what has waited since before its begin', async () => {
    const mutex = new KeyedMutex(() => 'earlier');
    const first = mutex.runExclusive('org', () => later(() => undefined));
    const failing = mutex.runExclusive('org', () => later(fail('too slow')));
    const earlier = mutex.runExclusive('org', async () => 'earlier');
    await first;
    const during = mutex.runExclusive('org', async () => 'during');

    await expect(failing).rejects.toThrow('too slow');
    await expect(earlier).rejects.toThrow('too slow');
    await expect(during).resolves.toBe('during');
  });
});

class TimedOut extends Error {}

const semaphoreOf = (count: number, timeoutMs = 0) => new Semaphore(count, timeoutMs, () => new TimedOut());

it('is granted in order, up to the limit, and again after a release', async () => {
  const semaphore = semaphoreOf(2);
  const granted: string[] = [];
  const [first] = [await semaphore.acquire(), await semaphore.acquire()];
  const waiting = ['a', 'b'].map(async (name) => {
    const release = await semaphore.acquire();
    granted.push(name);
    return release;
  });
  await Promise.resolve();
  expect(granted).toEqual([]);

  first();
  const second = await waiting[0]!;
  expect(granted).toEqual(['a']);
  second();
  await waiting[1];
  expect(granted).toEqual(['a', 'b']);
});

it('rejects a caller that has waited too long, who holds nothing later', async () => {
  const semaphore = semaphoreOf(1, 20);
  const release = await semaphore.acquire();

  await expect(semaphore.acquire()).rejects.toBeInstanceOf(TimedOut);
  release();
  await expect(semaphore.acquire()).resolves.toBeInstanceOf(Function);
});

it('is freed once when it is released twice', async () => {
  const semaphore = semaphoreOf(1, 20);
  const release = await semaphore.acquire();
  release();
  release();
  await semaphore.acquire();

  await expect(semaphore.acquire()).rejects.toBeInstanceOf(TimedOut);
});
