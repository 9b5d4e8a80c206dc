import { expect, it } from '@jest/globals';
import { Permits } from './permits.js';

class TimedOut extends Error {}

const permitsOf = (count: number, patienceMs = 0) => new Permits(count, patienceMs, () => new TimedOut());

it('permits are granted in order, up to the count, and again after a release', async () => {
  const permits = permitsOf(2);
  const granted: string[] = [];
  const [first] = [await permits.acquire(), await permits.acquire()];
  const waiting = ['a', 'b'].map(async (name) => {
    const release = await permits.acquire();
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

it('a caller that has waited too long is rejected and gets no permit later', async () => {
  const permits = permitsOf(1, 20);
  const release = await permits.acquire();

  await expect(permits.acquire()).rejects.toBeInstanceOf(TimedOut);
  release();
  await expect(permits.acquire()).resolves.toBeInstanceOf(Function);
});

it('releasing a permit twice frees it once', async () => {
  const permits = permitsOf(1, 20);
  const release = await permits.acquire();
  release();
  release();
  await permits.acquire();

  await expect(permits.acquire()).rejects.toBeInstanceOf(TimedOut);
});
