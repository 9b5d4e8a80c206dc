import { afterAll, beforeAll } from '@jest/globals';
import { proveModel } from '../../support/access-model/prove-model.js';
import { PostgresServer } from '../support/postgres-server.js';
import { startReplicaProcesses } from '../support/replica-processes.js';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await PostgresServer.start();
});

/** `test/faults/full/access-model.fault.ts` makes 10,000 changes, other ones each time. */
proveModel(() => startReplicaProcesses(postgres, [{ environment: { CALLER_CACHE: 'off' } }, {}, {}]), {
  steps: 200,
  seed: 1, // the same changes in every run, as `.ci/run` does with the mixed load
  minutes: 15, // at most, on a busy machine
});

afterAll(() => postgres.remove());
