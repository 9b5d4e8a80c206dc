import { afterAll, beforeAll } from '@jest/globals';
import { proveModel } from '../../support/access-model/prove-model.js';
import { PostgresServer } from '../support/postgres-server.js';
import { startReplicaProcesses } from '../support/replica-processes.js';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await PostgresServer.start();
});

proveModel(() => startReplicaProcesses(postgres, [{ environment: { CALLER_CACHE: 'off' } }, {}, {}]), {
  steps: 10_000,
  minutes: 120, // it took 39 on a busy machine with two processors
});

afterAll(() => postgres.remove());
