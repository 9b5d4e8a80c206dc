import { expect, it } from '@jest/globals';
import { Permits } from './permits.js';

class TimedOut extends Error {}

const permitsOf = (count: number, patienceMs = 0) => new Permits(count, patienceMs, () => new TimedOut());

it('grants as many permits as there are, and the next one when one is given back, in order', async () => {
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

it('rejects a caller who has waited too long, and does not keep the permit for them', async () => {
  const permits = permitsOf(1, 20);
  const release = await permits.acquire();

  await expect(permits.acquire()).rejects.toBeInstanceOf(TimedOut);
  release();
  await expect(permits.acquire()).resolves.toBeInstanceOf(Function);
});

it('takes a permit back only once', async () => {
  const permits = permitsOf(1, 20);
  const release = await permits.acquire();
  release();
  release();
  await permits.acquire();

  await expect(permits.acquire()).rejects.toBeInstanceOf(TimedOut);
});
