import { describe, expect, it } from '@jest/globals';
import { KeyedMutex } from './keyed-mutex.js';

const later = (work: () => void) => new Promise<void>((resolve) => setImmediate(() => resolve(work())));

describe('taking turns', () => {
  it('runs work on one subject in order, one at a time', async () => {
    const turns = new KeyedMutex();
    const seen: string[] = [];
    const step = (name: string) => async () => {
      seen.push(`${name} begins`);
      await later(() => seen.push(`${name} ends`));
    };

    await Promise.all(['a', 'b', 'c'].map((name) => turns.runExclusive('org', step(name))));

    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('does not make one subject wait for another', async () => {
    const turns = new KeyedMutex();
    const never = turns.runExclusive('busy', () => new Promise<never>(() => undefined));

    await expect(turns.runExclusive('free', async () => 'done')).resolves.toBe('done');
    expect(never).toBeInstanceOf(Promise);
  });

  it('goes on after work that failed, and tells only its own caller', async () => {
    const turns = new KeyedMutex();
    const failing = turns.runExclusive('org', () => Promise.reject(new Error('no')));
    const next = turns.runExclusive('org', async () => 'yes');

    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBe('yes');
  });

  it('fails those in line with a failure that concerns all, and begins again with who comes later', async () => {
    const turns = new KeyedMutex((error) => error instanceof RangeError);
    const failing = turns.runExclusive('org', () => Promise.reject(new RangeError('no lock')));
    const inLine = ['a', 'b'].map((name) => turns.runExclusive('org', async () => name));

    await expect(failing).rejects.toThrow('no lock');
    for (const one of inLine) await expect(one).rejects.toThrow('no lock');
    await expect(turns.runExclusive('org', async () => 'later')).resolves.toBe('later');
  });
});
