import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Replicas } from '../replicas.js';
import { type Choice, STEP_NAMES, takeStep } from './steps.js';
import { World } from './world.js';

const MOST_STEPS = 40;

const choices = fc.array(
  fc.record<Choice>({
    name: fc.constantFrom(...STEP_NAMES),
    writer: fc.nat(2),
    member: fc.nat(3),
    workspace: fc.nat(2),
    role: fc.nat(3),
    other: fc.nat(7),
  }),
  { minLength: 1, maxLength: MOST_STEPS, size: 'max' },
);

/**
 * `seed`: any one if absent. `ACCESS_MODEL_SEED` overrides it, for instance to repeat a run: `ACCESS_MODEL_SEED=1 npm run
 * test:faults -- test/faults/quick/access-model`.
 */
type Proof = { steps: number; minutes: number; seed?: number };

/**
 * Compares the responses of servers with a cache with those of the first one, which has none, after each of `steps` random
 * changes in organizations of their own. A sequence that fails is shortened as long as it fails.
 */
export function proveModel(start: () => Promise<Replicas>, { steps, minutes, ...given }: Proof): void {
  const seed = Number(process.env['ACCESS_MODEL_SEED'] ?? given.seed ?? randomInt(2 ** 31));
  let replicas: Replicas;
  beforeAll(async () => {
    replicas = await start();
  });
  afterAll(() => replicas.close());

  it(
    'servers with and without a cache respond alike after random changes',
    async () => {
      const done = { seed, steps: 0, accepted: 0, comparisons: 0 };
      const property = fc.asyncProperty(choices, async (sequence) => {
        if (done.steps >= steps) return;
        const world = await World.create(replicas);
        await world.expectAgreement(0);
        for (const [turn, choice] of sequence.entries()) {
          if (await takeStep(world, choice)) done.accepted++;
          done.comparisons += await world.expectAgreement(turn);
          done.steps++;
        }
      });
      const limits = { numRuns: steps, interruptAfterTimeLimit: minutes * 60_000 };
      try {
        await fc.assert(property, { seed, ...limits });
      } finally {
        process.stderr.write(`    random changes: ${JSON.stringify(done)}\n`);
      }

      expect(done.steps).toBeGreaterThanOrEqual(steps);
    },
    (minutes + 2) * 60_000,
  );
}
