/** @takes-long */
import { describe } from '@jest/globals';
import { proveAcknowledgedChanges } from '../support/access-changes/prove-changes.js';
import { proveSsoChanges } from '../support/access-changes/prove-sso-changes.js';
import { startReplicas } from '../support/replicas.js';

/** `test/faults/full/revocation.fault.ts` makes them fifty times at servers in processes of their own. */
const TIMES = 3;

describe('with passwords and keys', () => proveAcknowledgedChanges(startReplicas, TIMES));

describe('with single sign-on', () => {
  let databaseUrl: string | undefined;

  proveSsoChanges(async (environment) => {
    const replicas = await startReplicas(environment, databaseUrl);
    ({ databaseUrl } = replicas);
    return replicas;
  }, TIMES);
});
