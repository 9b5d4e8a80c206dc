import { describe, expect, it } from '@jest/globals';
import { HASH_QUEUE_BOUNDS, HashQueue } from './hash-queue.js';
import { PasswordHasher, OWASP_COST } from './password-hasher.js';

const hasher = new PasswordHasher(OWASP_COST, new HashQueue(HASH_QUEUE_BOUNDS));
const verify = (digest: string | null, password: string) =>
  hasher.verify(() => Promise.resolve(digest), password, 'anonymous');

describe('PasswordHasher', () => {
  it('verifies the right password and no other', async () => {
    const digest = await hasher.hashOwn('Correct-Horse-Battery');

    expect(await verify(digest, 'Correct-Horse-Battery')).toBe(true);
    expect(await verify(digest, 'correct-horse-battery')).toBe(false);
  });

  it('uses argon2id with 19 MiB, two passes and one lane', async () => {
    expect(await hasher.hashOwn('Correct-Horse-Battery')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('hashes the same password to a different digest each time', async () => {
    expect(await hasher.hashOwn('Correct-Horse-Battery')).not.toBe(
      await hasher.hashOwn('Correct-Horse-Battery'),
    );
  });

  it('distinguishes passwords that differ after the 72nd byte, where bcrypt stops reading', async () => {
    const digest = await hasher.hashOwn(`${'x'.repeat(100)}a`);

    expect(await verify(digest, `${'x'.repeat(100)}b`)).toBe(false);
  });

  it('takes as long without a digest as with one, and returns false', async () => {
    const digest = await hasher.hashOwn('Correct-Horse-Battery');
    expect(await verify(null, 'Correct-Horse-Battery')).toBe(false);

    const withDigest = await leastMilliseconds(() => verify(digest, 'wrong'));
    const withoutDigest = await leastMilliseconds(() => verify(null, 'wrong'));

    // Skipping the hash would be a thousand times faster; the wide bounds leave room for a busy machine.
    expect(withoutDigest / withDigest).toBeGreaterThan(0.2);
    expect(withoutDigest / withDigest).toBeLessThan(5);
  });

  it('returns the digests of a batch in the order of its passwords', async () => {
    const digests = await hasher.hashAll(['Correct-Horse-1', 'Correct-Horse-2', 'Correct-Horse-3']);

    expect(
      await Promise.all(digests.map((digest, index) => verify(digest, `Correct-Horse-${index + 1}`))),
    ).toEqual([true, true, true]);
  });

  it('throws for a damaged digest instead of reporting a wrong password', async () => {
    await expect(verify('not a digest', 'Correct-Horse-Battery')).rejects.toThrow();
  });
});

async function leastMilliseconds(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 9; run++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return Math.min(...times);
}
