import { describe, expect, it } from '@jest/globals';
import { HASH_QUEUE_BOUNDS, HashQueue } from './hash-queue.js';
import { Argon2PasswordHasher, OWASP_COST } from './password-hasher.js';

const hasher = new Argon2PasswordHasher(OWASP_COST, new HashQueue(HASH_QUEUE_BOUNDS));
const verify = (digest: string | null, password: string) =>
  hasher.verify(() => Promise.resolve(digest), password, 'anonymous');

describe('Argon2PasswordHasher', () => {
  it('knows the password again, and no other', async () => {
    const digest = await hasher.hashOwn('Correct-Horse-Battery');

    expect(await verify(digest, 'Correct-Horse-Battery')).toBe(true);
    expect(await verify(digest, 'correct-horse-battery')).toBe(false);
  });

  it('uses argon2id with 19 MiB, two passes and one lane', async () => {
    expect(await hasher.hashOwn('Correct-Horse-Battery')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('salts: the same password gives another digest each time', async () => {
    expect(await hasher.hashOwn('Correct-Horse-Battery')).not.toBe(
      await hasher.hashOwn('Correct-Horse-Battery'),
    );
  });

  it('tells passwords apart that differ after the 72nd byte, where bcrypt stops reading', async () => {
    const digest = await hasher.hashOwn(`${'x'.repeat(100)}a`);

    expect(await verify(digest, `${'x'.repeat(100)}b`)).toBe(false);
  });

  it('works as long for nobody as for somebody, and answers false', async () => {
    const digest = await hasher.hashOwn('Correct-Horse-Battery');
    expect(await verify(null, 'Correct-Horse-Battery')).toBe(false);

    const somebody = await medianMilliseconds(() => verify(digest, 'wrong'));
    const nobody = await medianMilliseconds(() => verify(null, 'wrong'));

    // A missing hash would be a thousand times faster; the wide bounds leave room for a busy machine.
    expect(nobody / somebody).toBeGreaterThan(0.2);
    expect(nobody / somebody).toBeLessThan(5);
  });

  it('returns the digests of a batch in the order of its passwords', async () => {
    const digests = await hasher.hashAll(['Correct-Horse-1', 'Correct-Horse-2', 'Correct-Horse-3']);

    expect(
      await Promise.all(digests.map((digest, index) => verify(digest, `Correct-Horse-${index + 1}`))),
    ).toEqual([true, true, true]);
  });

  it('reports a damaged digest instead of calling the password wrong', async () => {
    await expect(verify('not a digest', 'Correct-Horse-Battery')).rejects.toThrow();
  });
});

async function medianMilliseconds(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 9; round++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[4] ?? NaN;
}
