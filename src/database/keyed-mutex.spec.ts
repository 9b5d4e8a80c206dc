import { describe, expect, it } from '@jest/globals';
import { KeyedMutex } from './keyed-mutex.js';

const later = (work: () => void) => new Promise<void>((resolve) => setImmediate(() => resolve(work())));

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
    const mutex = new KeyedMutex((error) => error instanceof RangeError);
    const failing = mutex.runExclusive('org', () => Promise.reject(new RangeError('no lock')));
    const waiting = ['a', 'b'].map((name) => mutex.runExclusive('org', async () => name));

    await expect(failing).rejects.toThrow('no lock');
    for (const one of waiting) await expect(one).rejects.toThrow('no lock');
    await expect(mutex.runExclusive('org', async () => 'later')).resolves.toBe('later');
  });
});
