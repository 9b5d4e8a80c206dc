/** @takes-long */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { LONGEST_PROOF_MS, proveLastingRights } from '../support/lasting-rights/prove-lasting-rights.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp({ CALLER_CACHE: 'off' }); // the test moves ends by SQL
});
afterAll(() => t.close());

it(
  'random changes leave no rank that only callers gave whose access has ended',
  async () => {
    const { failure, accepted } = await proveLastingRights(t);

    expect(failure).toBeNull();
    expect(accepted).toBeGreaterThan(100);
  },
  LONGEST_PROOF_MS,
);
