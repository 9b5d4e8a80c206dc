import { expect, it } from '@jest/globals';
import { Semaphore } from './semaphore.js';

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
